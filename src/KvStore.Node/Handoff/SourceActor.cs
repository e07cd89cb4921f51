using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using KvStore.Core.Causality;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Node.Replication;
using KvStore.Node.Settings;
using KvStore.Storage;
using KvStore.Wire;

namespace KvStore.Node.Handoff;

/// <summary>
/// One partition on its way from this node to another: carries out what its <see cref="HandoffSender"/> asks for, from a snapshot of the
/// engine, on the readers' dispatcher. Parent: the handoff actor. Ends when all is acknowledged, when the receiver calls it off, or after a
/// silence; the receiver then asks anew.
/// <para>Invariant: the snapshot is taken only after the replica has said that it is whole and has fenced the epoch.</para>
/// </summary>
internal sealed class SourceActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HandoffContext _context;
    private readonly HandoffId _handoff;
    private readonly Pace _pace;
    private readonly HandoffSender _sender;
    private readonly List<HandoffEffect> _effects = [];
    private StoreSnapshot? _snapshot;
    private ulong _turn;

    public SourceActor(HandoffContext context, HandoffId handoff, Pace pace)
    {
        (_context, _handoff, _pace) = (context, handoff, pace);
        _sender = new HandoffSender(handoff, context.Options);
        Receive<NodeProtocol.HandoffSays>(says => Do(() => _sender.OnMessage(says.Message, _effects)));
        Receive<ReplicaActor.SourceReady>(OnReady);
        Receive<ReadOn>(OnReadOn);
        Receive<ReceiveTimeout>(_ => Context.Stop(Self));
        SetReceiveTimeout(Silence);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(HandoffContext context, HandoffId handoff, Pace pace) =>
        Akka.Actor.Props.Create(() => new SourceActor(context, handoff, pace)).WithDispatcher(StorageSettings.ReaderDispatcher);

    protected override void PostStop() => _snapshot?.Dispose();

    private void Do(Action step)
    {
        step();
        var effects = _effects.ToArray();
        _effects.Clear();
        foreach (var effect in effects) Perform(effect);
        if (_sender.IsComplete) Context.Stop(Self);
    }

    private void Perform(HandoffEffect effect)
    {
        switch (effect)
        {
            case HandoffEffect.Send send:
                _context.NodeOf(send.To).Tell(new NodeProtocol.HandoffSays(_context.Self, send.Message));
                break;
            case HandoffEffect.TakeSnapshot take:
                Release();
                _turn = take.Turn;
                _context.Replicas.Tell(new ReplicaActor.PrepareSource(_handoff.Partition, _handoff.Epoch, take.Turn));
                break;
            case HandoffEffect.Read read:
                var wait = _pace.Take(read.Bytes, Context.System.Scheduler.MonotonicClock);
                Timers.StartSingleTimer(nameof(ReadOn), new ReadOn(read.Turn, read.After, read.Bytes), wait);
                break;
            case HandoffEffect.ReleaseSnapshot:
                Release();
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void OnReady(ReplicaActor.SourceReady ready)
    {
        if (ready.Turn != _turn || _snapshot is not null) return;
        _snapshot = _context.Disk.Store.Snapshot();
        Do(() => _sender.OnSnapshot(ready.Turn, ready.Seen, _effects));
    }

    private void OnReadOn(ReadOn read)
    {
        if (_snapshot is null || read.Turn != _turn) return;
        ImmutableArray<HandoffItem> items;
        bool isEnd;
        try
        {
            items = Read(read, out isEnd);
        }
        catch (StorageException e)
        {
            // A source with a hole cannot make another node whole: the move waits until the hole is healed.
            _log.Error(e, "Partition {Partition} cannot be read to fill node {Node}; the move waits until it is mended", _handoff.Partition,
                _handoff.Receiver);
            Context.Stop(Self);
            return;
        }
        Do(() => _sender.OnRead(read.Turn, items, isEnd, _effects));
    }

    private ImmutableArray<HandoffItem> Read(ReadOn read, out bool isEnd)
    {
        var items = ImmutableArray.CreateBuilder<HandoffItem>();
        using var states = _context.Disk.Store.NewIterator(new IterateOptions
        {
            Prefix = DataKeys.States(_handoff.Partition),
            Snapshot = _snapshot,
            FillCache = false,
        });
        if (read.After is { } after) states.Seek([.. DataKeys.State(_handoff.Partition, after), 0]);
        else states.SeekToFirst();
        var bytes = 0;
        for (; states.Valid && bytes < read.Bytes; states.Next())
        {
            var value = states.Value.ToArray();
            bytes += states.Key.Length + value.Length;
            if (!DataKeys.TryReadState(states.Key, out _, out var name) || !SiblingSetCodec.TryRead(value, out var set))
                throw new StorageException($"what {_handoff.Partition} holds at a key is no state");
            items.Add(HandoffItem.Of(name, set));
        }
        isEnd = !states.Valid;
        return items.DrainToImmutable();
    }

    private void Release()
    {
        _snapshot?.Dispose();
        _snapshot = null;
    }

    private sealed record ReadOn(ulong Turn, BucketKey? After, int Bytes);
}
