using System.Collections.Immutable;
using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Handoff;

/// <summary>
/// What the two sides of a handoff say to each other. A session number is drawn by the receiver each time it asks; whatever carries
/// another one is late and ignored.
/// </summary>
public abstract record HandoffMessage(HandoffId Handoff, ulong Session)
{
    /// <summary>Receiver: send everything after this key (null: from the start).</summary>
    public sealed record Request(HandoffId Handoff, ulong Session, BucketKey? After) : HandoffMessage(Handoff, Session);

    /// <summary>
    /// Source: all keys after one (null: from the start) up to the last of these, in order; the last batch says so.
    /// <paramref name="Seen"/> is what the source had surely seen when the snapshot was taken.
    /// </summary>
    public sealed record Batch(
        HandoffId Handoff, ulong Session, ulong Number, BucketKey? After, ImmutableArray<HandoffItem> Items, bool IsLast,
        VersionVector Seen)
        : HandoffMessage(Handoff, Session);

    /// <summary>Receiver: everything up to this batch is on its disk.</summary>
    public sealed record Acknowledge(HandoffId Handoff, ulong Session, ulong Number) : HandoffMessage(Handoff, Session);

    /// <summary>Either side: it is off (the move was cancelled, or the other side does not belong to it).</summary>
    public sealed record Cancel(HandoffId Handoff, ulong Session) : HandoffMessage(Handoff, Session);
}
