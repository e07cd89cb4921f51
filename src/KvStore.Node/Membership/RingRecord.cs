using Akka.Actor;
using Akka.Serialization;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Wire;

namespace KvStore.Node.Membership;

/// <summary>What the ring's owner writes to its journal.</summary>
public abstract record RingRecord
{
    /// <summary>The persistence id that all of them are under.</summary>
    public const string Journal = "ring";

    private RingRecord()
    {
    }

    /// <summary>A ring was decided, and this node has learned it; also what a snapshot holds.</summary>
    public sealed record Decided(Ring Ring) : RingRecord;

    /// <summary>This node's earlier votes are lost: it must not vote again, under this id, for ever.</summary>
    public sealed record Abstains : RingRecord;

    /// <summary>This node has voted on the ring of an epoch.</summary>
    public sealed record Voted(RingEpoch Slot, AcceptorState<Ring> Vote) : RingRecord;
}

/// <summary>The bytes of <see cref="RingRecord"/>. Manifests are given once and never change their meaning.</summary>
public sealed class RingRecordSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string DecidedManifest = "ring";
    private const string VotedManifest = "vote";
    private const string AbstainsManifest = "abstains";

    public override int Identifier => 4002;

    public override string Manifest(object o) => o switch
    {
        RingRecord.Decided => DecidedManifest,
        RingRecord.Abstains => AbstainsManifest,
        _ => VotedManifest,
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        RingRecord.Decided decided => WireCodec.EncodeRing(decided.Ring),
        RingRecord.Abstains => [],
        RingRecord.Voted voted => WireCodec.EncodeVote(voted.Slot, voted.Vote),
        _ => throw new ArgumentException($"{obj.GetType()} is no record of the ring's journal.", nameof(obj)),
    };

    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case DecidedManifest:
                return new RingRecord.Decided(WireCodec.DecodeRing(bytes));
            case AbstainsManifest:
                return new RingRecord.Abstains();
            case VotedManifest:
                var (slot, vote) = WireCodec.DecodeVote(bytes);
                return new RingRecord.Voted(slot, vote);
            default:
                throw new ArgumentException($"'{manifest}' is no manifest of the ring's journal: a newer release wrote it.", nameof(manifest));
        }
    }
}
