namespace Akka.Configuration.Hocon;

/// <summary>How an include statement names its text.</summary>
internal enum HoconIncludeKind
{
    Any,
    File,
    Resource,
}

/// <summary><c>include "x"</c>, <c>file("x")</c> or <c>resource("x")</c>, each also as <c>required(...)</c>.</summary>
internal readonly record struct HoconIncludeStatement(HoconIncludeKind Kind, string Name, bool Required, HoconPosition Position)
{
    private const string Keyword = "include";

    /// <summary>Reads the statement when one starts here. <c>include = 1</c> is an ordinary key.</summary>
    public static bool TryRead(HoconCursor cursor, out HoconIncludeStatement statement)
    {
        statement = default;
        if (!cursor.StartsWith(Keyword)) return false;
        var ahead = Keyword.Length;
        while (cursor.Peek(ahead) is ' ' or '\t') ahead++;
        var next = cursor.Peek(ahead);
        if (next != '"' && (ahead == Keyword.Length || !char.IsAsciiLetter(next))) return false;
        var position = cursor.Position;
        cursor.Advance(ahead);
        statement = ReadArgument(cursor, position);
        return true;
    }

    private static HoconIncludeStatement ReadArgument(HoconCursor cursor, HoconPosition position)
    {
        if (cursor.Current == '"')
            return new HoconIncludeStatement(HoconIncludeKind.Any, HoconText.ReadQuoted(cursor), false, position);
        if (TakeCall(cursor, "required"))
        {
            var inner = ReadArgument(cursor, position);
            Close(cursor);
            return inner with { Required = true };
        }
        var kind = TakeCall(cursor, "file") ? HoconIncludeKind.File
            : TakeCall(cursor, "resource") || TakeCall(cursor, "classpath") ? HoconIncludeKind.Resource
            : throw cursor.Error("an include of an unknown kind",
                "Write include \"name\", file(\"name\"), resource(\"name\") or required(...).");
        if (cursor.Current != '"')
            throw cursor.Error("an include without a name in quotes", "Write for example file(\"a.conf\").");
        var name = HoconText.ReadQuoted(cursor);
        Close(cursor);
        return new HoconIncludeStatement(kind, name, false, position);
    }

    private static bool TakeCall(HoconCursor cursor, string function)
    {
        if (!cursor.StartsWith(function + "(")) return false;
        cursor.Advance(function.Length + 1);
        cursor.TakeBlanks();
        return true;
    }

    private static void Close(HoconCursor cursor)
    {
        cursor.TakeBlanks();
        if (cursor.Current != ')') throw cursor.Error("an include without ')'", "Write for example file(\"a.conf\").");
        cursor.Advance();
    }
}
