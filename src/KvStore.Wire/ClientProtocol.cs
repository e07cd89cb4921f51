using KvStore.Core.Buckets;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Core.Replication;

namespace KvStore.Wire;

/// <summary>
/// What a door, or a coordinator that is no replica of the key, asks of a coordinator. Each is answered exactly once, maybe by
/// <see cref="Busy"/>.
/// </summary>
public static class ClientProtocol
{
    /// <summary>A request about one key, with what is left of the client's budget.</summary>
    public interface IClientRequest : IWireMessage
    {
        RequestId Request { get; }

        BucketKey Key { get; }

        TimeSpan Budget { get; }
    }

    /// <summary>Read the key. Answered by <see cref="GetDone"/>.</summary>
    public sealed record Get(RequestId Request, BucketKey Key, TimeSpan Budget) : IClientRequest
    {
        /// <summary>The numbers for this read; null for the bucket's.</summary>
        public Quorum? Quorum { get; init; }

        /// <summary>Whether to repair before the answer, so that what was seen is never unseen.</summary>
        public bool Monotonic { get; init; }

        /// <summary>Whether the answer is to bring the sealed context; sealing costs a hash, and most readers never write.</summary>
        public bool WantsContext { get; init; }
    }

    /// <summary>
    /// Write the key, in place of what the coordinating replica holds at that moment and of nothing else, unless
    /// <see cref="Mode"/> says otherwise. Answered by <see cref="PutDone"/>. A null value deletes. A retry carries the same
    /// <paramref name="Request"/>.
    /// </summary>
    public sealed record Put(RequestId Request, BucketKey Key, ReadOnlyMemory<byte>? Value, TimeSpan Budget) : IClientRequest
    {
        /// <summary>The numbers for this write; null for the bucket's.</summary>
        public Quorum? Quorum { get; init; }

        /// <summary>What it supersedes.</summary>
        public WriteMode Mode { get; init; } = WriteMode.Overwrite;

        /// <summary>The sealed token of the read it is based on; empty without one.</summary>
        public ReadOnlyMemory<byte> Context { get; init; }

        /// <summary>When the value expires, in milliseconds since 1970 (UTC); 0 for never.</summary>
        public long ExpiresAt { get; init; }

        /// <summary>Whether the answer is to bring the sealed context of the state after the write.</summary>
        public bool WantsContext { get; init; }

        /// <summary>The ring by which another coordinator has passed it on to the receiver; none from a client.</summary>
        public RingEpoch PassedOn { get; init; }
    }

    /// <summary>What the read came to.</summary>
    public sealed record GetDone(RequestId Request, GetResult Result, SiblingSet State, OperationTally Tally) : IWireMessage
    {
        /// <summary>The sealed token to hand back with a write that is based on this; empty unless it was asked for.</summary>
        public ReadOnlyMemory<byte> Context { get; init; }
    }

    /// <summary>What the write came to. <paramref name="Dot"/> names it; null when it was never minted.</summary>
    public sealed record PutDone(
        RequestId Request, PutResult Result, PutReason Reason, Refusal Refusal, OperationTally Tally, Dot? Dot) : IWireMessage
    {
        /// <summary>The sealed token of the state after the write; empty when it was not done or not asked for.</summary>
        public ReadOnlyMemory<byte> Context { get; init; }
    }

    /// <summary>The coordinator has as many requests under way as it takes. Nothing was done; try again a little later, or another node.</summary>
    public sealed record Busy(RequestId Request) : IWireMessage;

    /// <summary>The request makes no sense as it stands: nothing was done, and <paramref name="Text"/> says why and what would.</summary>
    public sealed record BadRequest(RequestId Request, string Text) : IWireMessage;

    /// <summary>Do this to a strong key. Answered by <see cref="RegisterDone"/>.</summary>
    public sealed record DoRegister(RequestId Request, BucketKey Key, RegisterCommand Command, TimeSpan Budget) : IClientRequest
    {
        /// <summary>Whether an earlier attempt with the same <paramref name="Request"/> may have made the change, or may yet.</summary>
        public bool IsRepeat { get; init; }

        /// <summary>As in <see cref="Put"/>.</summary>
        public RingEpoch PassedOn { get; init; }
    }

    /// <summary>What the operation on a strong key came to.</summary>
    public sealed record RegisterDone(RequestId Request, RegisterOutcome Outcome) : IWireMessage;

    /// <summary>
    /// Which keys of the bucket are there, from this place of a walk on, some <paramref name="Max"/> of them? Answered by <see cref="KeysListed"/>.
    /// </summary>
    public sealed record ListKeys(RequestId Request, BucketName Bucket, ScanPosition From, int Max, TimeSpan Budget) : IClientRequest
    {
        /// <summary>No key, but its bucket.</summary>
        BucketKey IClientRequest.Key => new(Bucket, default);
    }

    /// <summary>What the listing came to.</summary>
    public sealed record KeysListed(RequestId Request, ListOutcome Outcome) : IWireMessage;

    /// <summary>Make this change of a bucket: an epoch of the ring. Answered by <see cref="BucketChanged"/>.</summary>
    public sealed record ChangeBucket(RequestId Request, BucketChange Change) : IWireMessage;

    /// <summary>What the change of a bucket came to; <paramref name="Text"/> says why it is not done, and what to do.</summary>
    public sealed record BucketChanged(RequestId Request, BucketOutcome Outcome, string Text, RingEpoch Epoch) : IWireMessage;

    /// <summary>How a change of a bucket ended.</summary>
    public enum BucketOutcome : byte
    {
        /// <summary>Every node that can be reached follows it.</summary>
        Done = 1,

        /// <summary>Nothing was changed.</summary>
        Refused = 2,

        /// <summary>It may be decided, now or later: no majority of the nodes has answered in time, or the ring has gone on unheard.</summary>
        Unknown = 3,
    }

    /// <summary>The ring, please, if it is newer than this epoch. Answered by <see cref="RingIs"/> only then.</summary>
    public sealed record GetRing(RingEpoch Known) : IWireMessage;

    /// <summary>The ring, for a client that sends its requests straight to the owners.</summary>
    public sealed record RingIs(Ring Ring) : IWireMessage;
}
