using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>NX, XX, GT and LT of EXPIRE: whether the new expiry takes the place of the old.</summary>
internal readonly record struct ExpireCondition(bool OnlyIfNone, bool OnlyIfSome, bool OnlyIfLater, bool OnlyIfEarlier)
{
    public static Outcome<ExpireCondition> Parse(IEnumerable<ReadOnlyMemory<byte>> options)
    {
        var condition = new ExpireCondition();
        foreach (var option in options)
        {
            switch (Arguments.Word(option))
            {
                case "NX": condition = condition with { OnlyIfNone = true }; break;
                case "XX": condition = condition with { OnlyIfSome = true }; break;
                case "GT": condition = condition with { OnlyIfLater = true }; break;
                case "LT": condition = condition with { OnlyIfEarlier = true }; break;
                default: return Problem.Wrong($"Unsupported option {Arguments.Text(option)}");
            }
        }
        if (condition.OnlyIfNone && (condition.OnlyIfSome || condition.OnlyIfLater || condition.OnlyIfEarlier))
            return Problem.Wrong("NX and XX, GT or LT options at the same time are not compatible");
        if (condition is { OnlyIfLater: true, OnlyIfEarlier: true })
            return Problem.Wrong("GT and LT options at the same time are not compatible");
        return condition;
    }

    /// <summary>A key without expiry (0) counts as one that goes infinitely late.</summary>
    public bool Allows(long old, long at) =>
        !(OnlyIfNone && old != 0)
        && !(OnlyIfSome && old == 0)
        && !(OnlyIfLater && (old == 0 || at <= old))
        && !(OnlyIfEarlier && old != 0 && at >= old);
}
