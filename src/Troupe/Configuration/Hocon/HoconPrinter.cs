using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Writes values as HOCON, one setting a line, quoted only where needed. Reading it back gives the same value.</summary>
internal static class HoconPrinter
{
    private const int Step = 2;

    public static string Print(HoconValue value, int indent)
    {
        var text = new StringBuilder();
        Append(text, value, indent);
        return text.ToString();
    }

    /// <summary>The fields alone, without braces.</summary>
    public static string Print(HoconObject fields, int indent)
    {
        var text = new StringBuilder();
        AppendFields(text, fields, indent);
        return text.ToString();
    }

    private static void Append(StringBuilder text, HoconValue value, int indent)
    {
        switch (value.Kind)
        {
            case HoconKind.Null:
                text.Append("null");
                break;
            case HoconKind.Text:
                AppendText(text, value.TextOrNull!);
                break;
            case HoconKind.Array:
                AppendArray(text, value, indent);
                break;
            default:
                text.Append("{\n");
                AppendFields(text, value.ObjectOrNull!, indent + 1);
                text.Append(' ', indent * Step).Append('}');
                break;
        }
    }

    private static void AppendArray(StringBuilder text, HoconValue array, int indent)
    {
        text.Append('[');
        for (var i = 0; i < array.Elements.Length; i++)
        {
            if (i > 0) text.Append(", ");
            Append(text, array.Elements[i], indent);
        }
        text.Append(']');
    }

    private static void AppendFields(StringBuilder text, HoconObject fields, int indent)
    {
        foreach (var (key, value) in fields.Items)
        {
            text.Append(' ', indent * Step).Append(HoconPath.Append("", key)).Append(" : ");
            Append(text, value, indent);
            text.Append('\n');
        }
    }

    private static void AppendText(StringBuilder text, string value)
    {
        if (value != "null" && value.Length > 0 && value.All(IsPlain) && !value.Contains("//", StringComparison.Ordinal))
            text.Append(value);
        else
            HoconText.AppendQuoted(text, value);
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '%';
}
