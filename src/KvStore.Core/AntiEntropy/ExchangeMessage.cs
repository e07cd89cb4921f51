using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.AntiEntropy;

/// <summary>A key and the hash of its state, as an exchange compares them.</summary>
public readonly record struct KeyHash(BucketKey Key, ulong Hash);

/// <summary>A key and its state, as an exchange carries them.</summary>
public readonly record struct KeyState(BucketKey Key, SiblingSet Set);

/// <summary>What a replica says it has seen, when an exchange begins.</summary>
/// <param name="Origins">Incarnations of which it stores all that they ever minted up to here (Replica.Origins).</param>
/// <param name="Watermarks">Incarnations of which it has seen all up to here, by its own exchanges.</param>
public sealed record Vouched(VersionVector Origins, VersionVector Watermarks);

/// <summary>
/// What the two sides of an exchange say to each other. One side asks, the other answers, one message at a time: each question
/// has
/// its step, the answer repeats it, and whatever comes twice or late is ignored by it. A closed set.
/// </summary>
public abstract record ExchangeMessage
{
    private ExchangeMessage()
    {
    }

    /// <summary>Counts the initiator's messages up from 1; an answer carries its question's.</summary>
    public int Step { get; init; }

    /// <summary>
    /// Which responder answers: a number of its own, that the initiator repeats. A doubled opening that reaches a later process of
    /// the peer must not let it take part in an exchange that it was not compared in. 0 in the opening.
    /// </summary>
    public ulong Responder { get; init; }

    /// <summary>Initiator: let us compare. What it vouches for was read before any comparison.</summary>
    public sealed record Open(RingEpoch Epoch, int Depth, ulong Root, Vouched Vouched) : ExchangeMessage;

    /// <summary>Responder: this is mine. What it vouches for was read before its root.</summary>
    public sealed record Opened(int Depth, ulong Root, Vouched Vouched) : ExchangeMessage;

    /// <summary>Responder: not now, and why. <paramref name="Fence"/> is the oldest epoch that is not refused.</summary>
    public sealed record Declined(ExchangeEnd Reason, RingEpoch Fence) : ExchangeMessage;

    /// <summary>Initiator: the sums of the children of these nodes, please.</summary>
    public sealed record GetSums(int Level, IReadOnlyList<int> Parents) : ExchangeMessage;

    /// <summary>Responder: <see cref="HashTree.Fanout"/> sums for each node asked for, in that order.</summary>
    public sealed record Sums(int Level, IReadOnlyList<int> Parents, IReadOnlyList<ulong> Children) : ExchangeMessage;

    /// <summary>
    /// Initiator: what of these leaves is different, in a range of which it holds no more than a page itself? What it holds is said by
    /// one mark a key (<see cref="HashTree.MarkOf"/>).
    /// </summary>
    /// <param name="Level">The leaves' level.</param>
    /// <param name="Leaves">Their places.</param>
    /// <param name="Range">Which of their keys.</param>
    /// <param name="Most">How many keys the responder is to look at, at most: 1 or more.</param>
    /// <param name="Marks">In the order of the keys.</param>
    public sealed record GetKeys(int Level, IReadOnlyList<int> Leaves, KeyRange Range, int Most, IReadOnlyList<ulong> Marks)
        : ExchangeMessage;

    /// <summary>Responder: the keys whose marks were not among those, and which of the marks are none of its own, by their places.</summary>
    /// <param name="Entries">What the initiator does not hold, or not so.</param>
    /// <param name="Missing">What the responder does not hold, or not so; of keys behind <paramref name="Through"/> it says nothing.</param>
    /// <param name="Through">The last key it looked at, because those were enough; null when it looked at the whole range.</param>
    public sealed record Listed(IReadOnlyList<KeyHash> Entries, IReadOnlyList<int> Missing, BucketKey? Through) : ExchangeMessage;

    /// <summary>Initiator: merge these.</summary>
    public sealed record Push(IReadOnlyList<KeyState> States) : ExchangeMessage;

    /// <summary>
    /// Responder: merged and stored. Where what it holds now is not what was pushed, that is named: empty when it has seen all of
    /// it before and the key was reaped since.
    /// </summary>
    /// <param name="Differing">What it holds of these.</param>
    /// <param name="Rest">Keys of which it holds something else too that would have made the message too large: to be pulled.</param>
    public sealed record Pushed(IReadOnlyList<KeyState> Differing, IReadOnlyList<BucketKey> Rest) : ExchangeMessage;

    /// <summary>Initiator: the states of these keys, please.</summary>
    public sealed record Pull(IReadOnlyList<BucketKey> Keys) : ExchangeMessage;

    /// <summary>Responder: these. A key that is gone meanwhile is left out.</summary>
    /// <param name="States">At least one, if there is any.</param>
    /// <param name="Rest">Keys whose states would have made the message too large: to be pulled again.</param>
    public sealed record Pulled(IReadOnlyList<KeyState> States, IReadOnlyList<BucketKey> Rest) : ExchangeMessage;

    /// <summary>Responder: something that was asked for could not be read or stored; the exchange cannot be complete.</summary>
    public sealed record Failed : ExchangeMessage;

    /// <summary>Initiator: everything was compared and everything that differed was brought over.</summary>
    public sealed record Complete : ExchangeMessage;
}

/// <summary>How an exchange ended.</summary>
public enum ExchangeEnd : byte
{
    /// <summary>Both sides have seen all that the other vouched for when it began.</summary>
    Complete = 0,

    /// <summary>The peer takes part in as many as it may.</summary>
    Busy = 1,

    /// <summary>A tree is being rebuilt.</summary>
    TreeIncomplete = 2,

    /// <summary>One side knows a newer ring.</summary>
    StaleEpoch = 3,

    /// <summary>The peer did not answer in time.</summary>
    Timeout = 4,

    /// <summary>Some key could not be read or stored.</summary>
    Failed = 5,
}
