using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>The options of SET: when it expires, on what condition it is set, whether the old value is the answer.</summary>
internal readonly record struct SetOptions(long ExpiresAt, bool KeepTtl, bool OnlyIfAbsent, bool OnlyIfPresent, bool ReturnOld)
{
    /// <summary>Whether what is there decides anything: then it must be read.</summary>
    public bool NeedsRead => KeepTtl || OnlyIfAbsent || OnlyIfPresent || ReturnOld;

    public static Outcome<SetOptions> Parse(IReadOnlyList<ReadOnlyMemory<byte>> arguments)
    {
        var options = new SetOptions();
        var syntax = Problem.Wrong(Arguments.Syntax.Text);
        // As Redis: every word is looked at before any number; a unit may be there twice, and the last number counts.
        (string Unit, ReadOnlyMemory<byte> Number)? expiry = null;
        for (var i = 2; i < arguments.Count; i++)
        {
            var word = Arguments.Word(arguments[i]);
            if (word == "NX" && !options.OnlyIfPresent) options = options with { OnlyIfAbsent = true };
            else if (word == "XX" && !options.OnlyIfAbsent) options = options with { OnlyIfPresent = true };
            else if (word == "GET") options = options with { ReturnOld = true };
            else if (word == "KEEPTTL" && expiry is null) options = options with { KeepTtl = true };
            else if (Expiry.IsUnit(word) && !options.KeepTtl && (expiry?.Unit ?? word) == word && i + 1 < arguments.Count)
                expiry = (word, arguments[++i]);
            else return syntax;
        }
        if (expiry is not { } given) return options;
        return Expiry.At(given.Unit, given.Number, "set").TryGet(out var at, out var problem) ? options with { ExpiresAt = at } : problem;
    }

    /// <summary>What SET does where it finds this.</summary>
    public Change<RespReply> Apply(Held held, ReadOnlyMemory<byte> value)
    {
        var old = held.Exists ? new RespReply.Bulk(held.Bytes) : RespReply.Null;
        if (held.Exists ? OnlyIfAbsent : OnlyIfPresent) return Change.None<RespReply>(ReturnOld ? old : RespReply.Null);
        var expiresAt = KeepTtl && held.Exists ? held.ExpiresAt : ExpiresAt;
        return Change.Put<RespReply>(Held.Value(value, expiresAt), ReturnOld ? old : RespReply.Ok);
    }
}
