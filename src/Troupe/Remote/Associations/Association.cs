using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote.Wire;
using Troupe.Platform;

namespace Akka.Remote.Associations;

/// <summary>
/// The direction from this system to one peer: a queue, at most one connection, and what is remembered between connections.
/// <para>
/// Owner: <see cref="Remoting"/>, one a peer address. Thread rule: Send, Post and Schedule from any thread; all else happens in
/// the work item, which never runs twice at once.
/// </para>
/// Invariants:
/// <list type="number">
/// <item>Messages leave in the order in which Send was called, system messages among them; a gap is a dead letter, never a
/// swap.</item>
/// <item>A system message is kept until the peer's incarnation has acknowledged it, or is quarantined.</item>
/// <item>While gated nothing is dialled, and messages are dead letters at once.</item>
/// <item>The queue is bounded: the newest message is dropped, with one warning until it has been empty again.</item>
/// </list>
/// </summary>
internal sealed partial class Association(Remoting remoting, Address peer) : IThreadPoolWorkItem
{
    private enum State
    {
        Idle,
        Dialling,
        Greeting,
        Open,
        Gated,
        Retired,
        Stopped,
    }

    /// <summary>A write is begun when this much has been gathered, or the queue is empty.</summary>
    private const int GatherBytes = 64 * 1024;

    /// <summary>Writes in one run of the work item; then others have their turn.</summary>
    private const int WritesPerRun = 16;

    private readonly ConcurrentQueue<OutboundEnvelope> _queue = new();
    private readonly ConcurrentQueue<AssociationSignal> _signals = new();
    private readonly SystemMessageBuffer _unacknowledged = new();
    private int _queued;
    private int _scheduled;
    private bool _full;
    private bool _waiting;

    private volatile ImmutableDictionary<int, TimeSpan> _quarantined = ImmutableDictionary<int, TimeSpan>.Empty;
    private State _state;
    private OutboundConnection? _connection;
    private FailureDetector? _detector;
    private int? _peerUid;
    private long _attempt;
    private long _gate;
    private int _loggedQueue;
    private TimeSpan _lastContact = remoting.Seams.Clock.Monotonic;

    internal Address Peer { get; } = peer;

    /// <summary>Completes when the association has been stopped and its connection is closed.</summary>
    internal TaskCompletionSource Stopped { get; } = remoting.NewCompletion();

    internal void Send(in OutboundEnvelope envelope)
    {
        if (Volatile.Read(ref _queued) >= remoting.Settings.SendQueueSize && envelope.Message is not ISystemMessage)
        {
            Drop(envelope);
            return;
        }
        _queue.Enqueue(envelope);
        Interlocked.Increment(ref _queued);
        if (!Volatile.Read(ref _waiting))
            Schedule();
    }

    internal void Post(in AssociationSignal signal)
    {
        _signals.Enqueue(signal);
        Interlocked.MemoryBarrier();
        Schedule();
    }

    internal void Schedule()
    {
        if (Volatile.Read(ref _scheduled) == 0 && Interlocked.Exchange(ref _scheduled, 1) == 0)
            remoting.Executor.Execute(this);
    }

    /// <summary>From any thread: taken out of remoting's memory; what it is still sent goes to its successor.</summary>
    internal bool IsRetired { get; private set; }

    /// <summary>From any thread: may this incarnation of the peer be heard?</summary>
    internal bool IsQuarantined(int uid) => _quarantined.ContainsKey(uid);

    public void Execute()
    {
        while (_signals.TryDequeue(out var signal))
            Take(signal);
        if (_state == State.Open && _connection!.CanWrite)
            Volatile.Write(ref _waiting, false);
        Work();
        // From here on the next run may already be changing what this one owned: only copies are looked at.
        var open = _state == State.Open ? _connection : null;
        var heartbeatDue = open?.HeartbeatDue == true;
        Volatile.Write(ref _scheduled, 0);
        Interlocked.MemoryBarrier();
        var ready = Volatile.Read(ref _waiting) ? open?.CanWrite == true : heartbeatDue || !_queue.IsEmpty;
        if (ready || !_signals.IsEmpty)
            Schedule();
    }

    private void Work()
    {
        switch (_state)
        {
            case State.Idle when !_queue.IsEmpty || _unacknowledged.Count > 0:
                Dial();
                break;
            case State.Open:
                WriteRounds(_connection!);
                break;
            case State.Gated or State.Stopped:
                DropQueue();
                break;
            case State.Retired:
                while (_queue.TryDequeue(out var envelope))
                    remoting.Send(envelope.Message, envelope.Sender!, envelope.Recipient);
                break;
        }
    }

    private void WriteRounds(OutboundConnection connection)
    {
        for (var i = 0; i < WritesPerRun; i++)
        {
            if (!connection.CanWrite)
            {
                Volatile.Write(ref _waiting, true);
                return;
            }
            Gather(connection);
            if (_state != State.Open)
                return;
            if (connection.Encoder.Count == 0)
            {
                EndIfStopping(connection);
                return;
            }
            connection.Flush();
        }
    }

    private void Gather(OutboundConnection connection)
    {
        var encoder = connection.Encoder;
        if (connection.HeartbeatDue)
        {
            connection.HeartbeatDue = false;
            encoder.WriteHeartbeat();
        }
        if (connection.ResendDue)
        {
            connection.ResendDue = false;
            foreach (var numbered in _unacknowledged.Unacknowledged)
                encoder.WriteSystem(numbered);
        }
        var taken = 0;
        var outer = remoting.EnterTransport();
        while (encoder.Count < GatherBytes && _state == State.Open && _queue.TryDequeue(out var envelope))
        {
            taken++;
            if (envelope.Message is not ISystemMessage system)
                encoder.WriteMessage(envelope);
            else if (Keep(system, envelope.Recipient) is { } numbered)
                encoder.WriteSystem(numbered);
        }
        remoting.LeaveTransport(outer);
        Taken(taken);
    }

    /// <summary>Takes a system message into the buffer; null when it cannot be sent at all, or quarantined the peer.</summary>
    private SystemMessageBuffer.Numbered? Keep(ISystemMessage message, RemoteActorRef recipient)
    {
        if (!SystemFrame.CanWrite(message))
            return null;
        if (_unacknowledged.Count >= remoting.Settings.SysMsgBufferSize)
        {
            GiveUp($"{_unacknowledged.Count} system messages wait for {Peer}, the most allowed");
            return null;
        }
        return _unacknowledged.Add(message, recipient);
    }

    private void DropQueue()
    {
        var taken = 0;
        while (_queue.TryDequeue(out var envelope))
        {
            taken++;
            if (envelope.Message is ISystemMessage system && _state == State.Gated)
                Keep(system, envelope.Recipient);
            else
                remoting.DeadLetter(envelope);
        }
        Taken(taken);
    }

    private void Taken(int count)
    {
        if (count == 0)
            return;
        var left = Interlocked.Add(ref _queued, -count);
        if (left <= 0)
            Volatile.Write(ref _full, false);
        LogLongQueue(left);
    }

    private void Drop(in OutboundEnvelope envelope)
    {
        if (!Volatile.Read(ref _full))
        {
            Volatile.Write(ref _full, true);
            remoting.Log.Warning(
                "The send queue to {0} holds {1} messages, the most allowed (troupe.remote.send-queue-size): further "
                + "messages are dead letters until it has drained.", Peer, remoting.Settings.SendQueueSize);
        }
        remoting.DeadLetter(envelope);
    }

    private void LogLongQueue(int length)
    {
        var limit = remoting.Settings.LogBufferSizeExceeding;
        if (limit <= 0 || length < limit)
        {
            _loggedQueue = 0;
        }
        else if (length > _loggedQueue * 2)
        {
            _loggedQueue = length;
            remoting.Log.Warning("[{0}] messages wait to be sent to {1}", length, Peer);
        }
    }
}
