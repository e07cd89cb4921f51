using Akka.Actor;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Wire;

namespace KvStore.Node.Coordination;

/// <summary>
/// A key as each of its nodes has it: every copy is asked for by itself, past any quorum, and nothing follows from the answers, no repair
/// either. For people who want to see why a read says what it says. Any thread.
/// </summary>
public static class KeyInspection
{
    /// <summary>Asks the primaries, old and new ones while the partition moves, and as many fallbacks as there are copies.</summary>
    /// <param name="plan">Who is responsible for the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="replicasOf">Takes requests for a node's replicas.</param>
    /// <param name="patience">How long one node is waited for.</param>
    /// <returns>In the order of the preference list; a node that did not answer is there too.</returns>
    public static Task<KeyCopy[]> Ask(PreferenceList plan, BucketKey key, Func<NodeId, IActorRef> replicasOf, TimeSpan patience)
    {
        var asked = plan.Primaries.Concat(plan.WriteTargets).Distinct().Concat(plan.Fallbacks.Take(plan.N));
        return Task.WhenAll(asked.Select(node => Ask(plan, key, node, replicasOf(node), patience)));
    }

    private static async Task<KeyCopy> Ask(PreferenceList plan, BucketKey key, NodeId node, IActorRef replicas, TimeSpan patience)
    {
        var copy = new KeyCopy(node, plan.IsPrimary(node));
        try
        {
            return await replicas.Ask<IWireMessage>(new ReplicaProtocol.ReadReplica(plan.Epoch, plan.Partition, key, patience), patience) switch
            {
                ReplicaProtocol.ReplicaRead read => copy with { Answer = read.Answer },
                ReplicaProtocol.ReplicaRefused refused => copy with { Refusal = refused.Refusal },
                _ => copy,
            };
        }
        catch (AskTimeoutException)
        {
            return copy with { Refusal = Refusal.Expired };
        }
    }
}
