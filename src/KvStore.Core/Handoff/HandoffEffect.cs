using System.Collections.Immutable;
using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Handoff;

/// <summary>What a <see cref="HandoffSender"/> or <see cref="HandoffReceiver"/> wants done, in order.</summary>
public abstract record HandoffEffect
{
    private HandoffEffect()
    {
    }

    /// <summary>Send to the other side.</summary>
    public sealed record Send(NodeId To, HandoffMessage Message) : HandoffEffect;

    /// <summary>
    /// Source: take a snapshot of the partition, once it refuses epochs before the handoff's; answer with OnSnapshot. Give the one
    /// before back.
    /// </summary>
    public sealed record TakeSnapshot(HandoffId Handoff, ulong Turn) : HandoffEffect;

    /// <summary>Source: read on in the snapshot, about so many bytes after the key; answer with OnRead.</summary>
    public sealed record Read(HandoffId Handoff, ulong Turn, BucketKey? After, int Bytes) : HandoffEffect;

    /// <summary>Source: the snapshot is not needed any more.</summary>
    public sealed record ReleaseSnapshot(HandoffId Handoff) : HandoffEffect;

    /// <summary>
    /// Receiver: these are all keys that the source holds after <paramref name="After"/> (null: from the first) and up to where the progress
    /// is then (to the end, if complete). Merge them into the partition (Replica.OnStreamed), and nothing into every other key that is
    /// found here between; then note how far the stream has come; answer with OnStored when it is on stable storage.
    /// </summary>
    public sealed record Store(
        HandoffId Handoff, ulong Number, BucketKey? After, ImmutableArray<HandoffItem> Items, HandoffProgress Progress) : HandoffEffect
    {
        /// <summary>What the source had surely seen.</summary>
        public VersionVector Seen => Progress.Seen ?? VersionVector.Empty;

        /// <summary>Whether the key lies in the part of the stream that this is.</summary>
        public bool Spans(BucketKey key) =>
            (After is not { } after || key > after) && (Progress.IsComplete || (Progress.After is { } last && key <= last));
    }

    /// <summary>
    /// Receiver: everything the source held at its fence is on this node's disk, and with it all that the source had seen then (for
    /// Replica.OnFilled, when the streams of all sources are done).
    /// </summary>
    public sealed record Filled(HandoffId Handoff, VersionVector Seen) : HandoffEffect;

    /// <summary>Call OnTimer with this number after the delay.</summary>
    public sealed record StartTimer(ulong Number, TimeSpan Delay) : HandoffEffect;
}

/// <summary>How far a stream has come at its receiver, as it is on its disk.</summary>
/// <param name="After">The last key stored; null before the first.</param>
/// <param name="IsComplete">Whether that was the last of all.</param>
/// <param name="Seen">What the source had seen when the first snapshot was taken; null before the first key.</param>
public readonly record struct HandoffProgress(BucketKey? After, bool IsComplete, VersionVector? Seen);
