using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Links;
using KvStore.Core.Registers;
using KvStore.Wire;

namespace KvStore.Node.Links;

/// <summary>What a link must know of the messages it carries: which are answered, for how long, and how it answers for a peer that cannot.</summary>
internal static class LinkTraffic
{
    /// <summary>For messages that carry no budget: an old one of them is of no use, the next is on its way.</summary>
    private static readonly TimeSpan DefaultBudget = TimeSpan.FromSeconds(5);

    /// <summary>Whether the message has an answer. The others are facts, or steps of a conversation that answers by steps of its own.</summary>
    public static bool IsAnswered(IWireMessage message) => message is not (
        GossipProtocol.Gossip or ReplicaProtocol.ExchangeStep or ReplicaProtocol.CommitReap or NodeProtocol.RingLogSays
        or NodeProtocol.HandoffSays or ReplicaProtocol.FillReplica or ReplicaProtocol.ReplicaFilled
        or ReplicaProtocol.ReaffirmKeys or ReplicaProtocol.KeysReaffirmed);

    /// <summary>How long the message is worth delivering, or its answer waiting for.</summary>
    public static TimeSpan BudgetOf(IWireMessage message) => message switch
    {
        ReplicaProtocol.ReadReplica read => read.Budget,
        ReplicaProtocol.StoreReplica store => store.Budget,
        ReplicaProtocol.ListReplica list => list.Budget,
        ClientProtocol.IClientRequest request => request.Budget,
        ReplicaProtocol.FenceReplica or ReplicaProtocol.FillReplica or ReplicaProtocol.ReaffirmKeys => WireLimits.MaxBudget,
        _ => DefaultBudget,
    };

    public static Refusal RefusalOf(LinkAdmission admission) =>
        admission == LinkAdmission.Busy ? Refusal.Busy : Refusal.Unreachable;

    /// <summary>
    /// The answer in the place of a node that gives none. What was sent may have been done: a write through another coordinator is then
    /// unknown, and a replica that has stored does no harm. Null when the asker is left to its own deadline.
    /// </summary>
    public static IWireMessage? Refuse(IWireMessage question, NodeId node, Refusal refusal, bool wasSent) => question switch
    {
        ReplicaProtocol.IReplicaRequest => new ReplicaProtocol.ReplicaRefused(node, refusal, RingEpoch.None),
        ClientProtocol.IClientRequest request when refusal == Refusal.Busy => new ClientProtocol.Busy(request.Request),
        ClientProtocol.Put put => new ClientProtocol.PutDone(
            put.Request, wasSent ? PutResult.Unknown : PutResult.NotDone, PutReason.Refused, refusal, default, Dot: null),
        ClientProtocol.Get get => new ClientProtocol.GetDone(get.Request, GetResult.QuorumImpossible, SiblingSet.Empty, default),
        ClientProtocol.DoRegister register => new ClientProtocol.RegisterDone(register.Request, Undone(wasSent)),
        _ => null,
    };

    private static RegisterOutcome Undone(bool wasSent) => wasSent
        ? new RegisterOutcome.Unknown(RegisterFailure.NoMajority)
        : new RegisterOutcome.NotDone(RegisterFailure.NoMajority);
}
