using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using KvStore.Core.Causality;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Node.Persistence;
using KvStore.Node.Replication;
using KvStore.Storage;
using KvStore.Wire;

namespace KvStore.Node.Handoff;

/// <summary>
/// One partition on its way to this node, from all of its sources one after the other: carries out what each <see cref="HandoffReceiver"/>
/// asks for. Parent: the handoff actor. When all is here and the replica has written down that it is whole, everybody is told so, and again
/// when it is asked again, until the partition's next phase.
/// <para>Invariants: (1) how far a stream has come is written, synced, after the replica has stored what it speaks of; (2) it is
/// said that the partition is filled after the replica's record of it is as durable as the replica's writes are.</para>
/// </summary>
public sealed class FillActor : ReceiveActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HandoffContext _context;
    private readonly ReplicaProtocol.FillReplica _fill;
    private readonly ulong _random;
    private readonly EngineWrites _writes;
    private readonly Queue<NodeId> _sources;
    private readonly List<HandoffEffect> _effects = [];
    private HandoffReceiver? _receiver;
    private VersionVector _seen = VersionVector.Empty;
    private ulong _draws;
    private long _life;
    private bool _isFilled;

    public FillActor(HandoffContext context, ReplicaProtocol.FillReplica fill, ulong random)
    {
        (_context, _fill, _random) = (context, fill, random);
        _writes = new EngineWrites(context.Disk.Store, Context.System.Scheduler, Self);
        _sources = new Queue<NodeId>(fill.Sources);
        Receive<ReplicaProtocol.FillReplica>(_ => OnAsked());
        Receive<NodeProtocol.HandoffSays>(says => Do(receiver => receiver.OnMessage(says.Message, _effects)),
            says => says.Message.Handoff == _receiver?.Handoff);
        Receive<BatchActor.BatchStored>(OnBatchStored);
        Receive<BatchActor.BatchLost>(_ => Context.Stop(Self)); // asked again, it goes on from what is on disk
        Receive<ProgressSaved>(saved => Do(receiver => receiver.OnStored(saved.Session, saved.Number, saved.Progress, _effects)),
            saved => saved.Handoff == _receiver?.Handoff);
        Receive<StreamTimer>(timer => Do(receiver => receiver.OnTimer(timer.Number, NextRandom(), _effects)));
        Receive<ReplicaActor.FilledNoted>(_ => _context.Storage.Tell(new StorageProtocol.Settle(Self, _life = _context.Disk.NextLife())));
        Receive<StorageProtocol.Settled>(_ => OnFilled(), settled => settled.Life == _life);
        Receive<EngineWrites.Again>(_ => _writes.GoOn());
        Receive<Status.Failure>(failure => throw new StorageException("how far a stream has come could not be written", failure.Cause));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(HandoffContext context, ReplicaProtocol.FillReplica fill, ulong random) =>
        Akka.Actor.Props.Create(() => new FillActor(context, fill, random));

    protected override SupervisorStrategy SupervisorStrategy() => KvSupervision.OfParts;

    protected override void PreStart() => NextSource();

    private void OnAsked()
    {
        if (_isFilled) Announce();
        else if (_sources.Count == 0) NoteFilled();
    }

    private void NextSource()
    {
        if (!_sources.TryPeek(out var source))
        {
            _receiver = null;
            NoteFilled();
            return;
        }
        var handoff = new HandoffId(_fill.Partition, source, _context.Self, _fill.Epoch);
        _receiver = new HandoffReceiver(handoff, HandoffProgressRecord.Load(_context.Disk.Store, handoff), _context.Options);
        Do(receiver => receiver.Start(NextRandom(), _effects));
    }

    /// <summary>Asked again while nobody answers: the replica, or storage, may have started anew meanwhile.</summary>
    private void NoteFilled() => _context.Replicas.Tell(new ReplicaActor.NoteFilled(_fill.Partition, _fill.Epoch, _seen));

    private void Do(Action<HandoffReceiver> step)
    {
        if (_receiver is not { } receiver) return;
        step(receiver);
        var effects = _effects.ToArray();
        _effects.Clear();
        foreach (var effect in effects) Perform(effect);
    }

    private void Perform(HandoffEffect effect)
    {
        switch (effect)
        {
            case HandoffEffect.Send send:
                _context.NodeOf(send.To).Tell(new NodeProtocol.HandoffSays(_context.Self, send.Message));
                break;
            case HandoffEffect.Store store:
                Context.ActorOf(BatchActor.Props(_context, _receiver!.Session, store));
                break;
            case HandoffEffect.StartTimer timer:
                Timers.StartSingleTimer(nameof(StreamTimer), new StreamTimer(timer.Number), timer.Delay);
                break;
            case HandoffEffect.Filled filled:
                _log.Info("Partition {Partition} has come whole from node {Node}", _fill.Partition, filled.Handoff.Source);
                Timers.CancelAll();
                _seen = _seen.Join(filled.Seen);
                _sources.Dequeue();
                NextSource();
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void OnBatchStored(BatchActor.BatchStored stored)
    {
        var store = stored.Store;
        var batch = new WriteBatch().Put(DataKeys.Handoff(store.Handoff), HandoffProgressRecord.BytesOf(store.Handoff, store.Progress));
        _writes.Write(batch).PipeTo(Self,
            success: () => new ProgressSaved(store.Handoff, stored.Session, store.Number, store.Progress));
    }

    private void OnFilled()
    {
        _isFilled = true;
        Announce();
    }

    private void Announce() => _context.Announce(new ReplicaProtocol.ReplicaFilled(_context.Self, _fill.Partition, _fill.Epoch));

    private ulong NextRandom() => unchecked(_random + (++_draws * 0x9E37_79B9_7F4A_7C15));

    private sealed record ProgressSaved(HandoffId Handoff, ulong Session, ulong Number, HandoffProgress Progress);

    private sealed record StreamTimer(ulong Number);
}
