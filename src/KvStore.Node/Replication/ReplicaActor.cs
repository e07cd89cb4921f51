using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;
using KvStore.Node.Settings;
using KvStore.Wire;

namespace KvStore.Node.Replication;

/// <summary>
/// /user/kv/replicas/p-N: one partition at this node. Asks its <see cref="Replica"/> what to do about each message and does it: loads and
/// stores in a sorted map, and sends the answers. Parent: <see cref="ReplicasActor"/>.
/// <para>What it holds is in memory and ends with the node. A node that starts again says so: it is not whole, and does not vote
/// "not found".</para>
/// </summary>
public sealed class ReplicaActor : ReceiveActor
{
    /// <summary>
    /// Tenures of one partition count up in the bits above the partition's number, so that they differ across partitions.
    /// </summary>
    private const int PartitionBits = 12;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeId _self;
    private readonly PartitionId _partition;
    private readonly NodeStart _start;
    private readonly Replica _replica;
    private readonly MemoryStore _store = new();
    private readonly Dictionary<CallId, IActorRef> _callers = [];
    private readonly Queue<ReplicaEffect> _todo = new();
    private readonly List<ReplicaEffect> _effects = [];
    private long _lastCall;
    private uint _tenures;

    public ReplicaActor(NodeSettings settings, Ring ring, PartitionId partition, NodeStart start)
    {
        (_self, _partition, _start) = (settings.Id, partition, start);
        var isPrimary = ring.PreferenceList(partition, settings.Quorum.N).IsPrimary(_self);
        var meta = !isPrimary ? ReplicaMeta.StandIn : start.IsFirst ? ReplicaMeta.New : ReplicaMeta.ToBeFilled;
        _replica = new Replica(
            partition,
            meta with { Fence = ring.Epoch },
            unbroken: false,
            new HashTree(HashTree.DepthFor(0)),
            new ReplicaOptions());
        Receive<MintReplica>(m => Do(() => _replica.OnCoordinate(NewCall(), m.Epoch, m.Key, m.Write, m.StandsFor, Now, _effects)));
        Receive<ReplicaProtocol.StoreReplica>(m => Do(() => _replica.OnMerge(NewCall(), m.Epoch, m.Key, m.Set, m.StandsFor, Now, _effects)));
        Receive<ReplicaProtocol.ReadReplica>(m => Do(() => _replica.OnRead(NewCall(), m.Epoch, m.Key, Now, _effects)));
    }

    private static ReplicaTime Now => new(Context.System.Scheduler.MonotonicClock, Context.System.Scheduler.Now.ToUnixTimeMilliseconds());

    public static Props Props(NodeSettings settings, Ring ring, PartitionId partition, NodeStart start) =>
        Akka.Actor.Props.Create(() => new ReplicaActor(settings, ring, partition, start));

    protected override void PreStart() => Do(() => _replica.Start(_effects));

    /// <summary>Takes one step, then carries out what it asks for, and what that asks for, until there is nothing left to do.</summary>
    private void Do(Action step)
    {
        step();
        Gather();
        while (_todo.TryDequeue(out var effect))
        {
            Perform(effect);
            Gather();
        }
    }

    private void Gather()
    {
        foreach (var effect in _effects) _todo.Enqueue(effect);
        _effects.Clear();
    }

    private void Perform(ReplicaEffect effect)
    {
        switch (effect)
        {
            case ReplicaEffect.Load load:
                _replica.OnLoaded(load.Key, new LoadResult(_store.Get(load.Key)), Now, _effects);
                break;
            case ReplicaEffect.Store store:
                _store.Set(store.Key, store.Set);
                _replica.OnStored(store.Ticket, Now, _effects);
                break;
            case ReplicaEffect.BeginTenure begin:
                var serial = (++_tenures << PartitionBits) | (uint)_partition.Value;
                _replica.OnTenureBegun(Incarnation.Of(_self, _start.Number, serial), begin.LeaseBlock, Now, _effects);
                break;
            case ReplicaEffect.ExtendLease extend:
                _replica.OnLeaseExtended(extend.Incarnation, extend.End);
                break;
            case ReplicaEffect.SaveFence fence:
                _replica.OnFenceSaved(fence.Epoch, _effects);
                break;
            case ReplicaEffect.RebuildTree rebuild:
                foreach (var (key, state) in _store.All) rebuild.Tree.AddScanned(Token.Of(key), state.Hash);
                rebuild.Tree.CompleteScan();
                break;
            case ReplicaEffect.SaveMeta or ReplicaEffect.Fenced:
                // Nothing outlives the process, and nobody fences while the ring has one epoch.
                break;
            case ReplicaEffect.Minted minted:
                _callers[minted.Call].Tell(new ReplicaMinted(minted.Dot, minted.Set));
                break;
            case ReplicaEffect.Stored stored:
                Answer(stored.Call, new ReplicaProtocol.ReplicaStored(_self, Durable: false));
                break;
            case ReplicaEffect.Answered answered:
                Answer(answered.Call, new ReplicaProtocol.ReplicaRead(_self, answered.Answer));
                break;
            case ReplicaEffect.Refused refused:
                Answer(refused.Call, new ReplicaProtocol.ReplicaRefused(_self, refused.Refusal, refused.Fence));
                break;
            case ReplicaEffect.Damaged damaged:
                _log.Error("What {Partition} holds under {Key} cannot be read; the other replicas' copies take its place", _partition, damaged.Key);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private CallId NewCall()
    {
        var call = new CallId(++_lastCall);
        _callers.Add(call, Sender);
        return call;
    }

    private void Answer(CallId call, object answer)
    {
        if (_callers.Remove(call, out var caller)) caller.Tell(answer);
    }

    /// <summary>
    /// Coordinate a write here: mint its dot and store it. Never leaves the node. Answered by <see cref="ReplicaMinted"/> and then
    /// <see cref="ReplicaProtocol.ReplicaStored"/>, or by <see cref="ReplicaProtocol.ReplicaRefused"/>.
    /// </summary>
    public sealed record MintReplica(RingEpoch Epoch, PartitionId Partition, BucketKey Key, WriteRequest Write, NodeId? StandsFor);

    /// <summary>The write has its dot; this is what the replica holds with it, to be sent to the others.</summary>
    public sealed record ReplicaMinted(Dot Dot, SiblingSet Set);
}
