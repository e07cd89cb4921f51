using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>The options of GETEX: PERSIST, or a unit and its number; each may be there twice, and the last number counts.</summary>
internal readonly record struct GetExOptions(string Word, ReadOnlyMemory<byte> Number)
{
    private const string Persist = "PERSIST";

    public static bool TryParse(IReadOnlyList<ReadOnlyMemory<byte>> arguments, out GetExOptions options)
    {
        options = default;
        for (var i = 1; i < arguments.Count; i++)
        {
            var word = Arguments.Word(arguments[i]);
            if ((options.Word ?? word) != word) return false;
            if (word == Persist) options = new GetExOptions(word, default);
            else if (Expiry.IsUnit(word) && i + 1 < arguments.Count) options = new GetExOptions(word, arguments[++i]);
            else return false;
        }
        return true;
    }

    /// <summary>0 for never.</summary>
    public Outcome<long> ExpiresAt(string command) => Word == Persist ? 0 : Expiry.At(Word, Number, command);
}
