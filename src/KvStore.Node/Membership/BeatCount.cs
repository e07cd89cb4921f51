namespace KvStore.Node.Membership;

/// <summary>
/// How often this process has told the others that it is there. Owner: the gossip actor, through its restarts: a count that began anew would be lower
/// than what the others hold of this start, and nobody would believe it until it had caught up.
/// </summary>
internal sealed class BeatCount
{
    /// <summary>At least as high as any that was sent.</summary>
    public ulong Last { get; private set; }

    /// <summary>One more, before it is sent.</summary>
    public ulong Next() => ++Last;
}
