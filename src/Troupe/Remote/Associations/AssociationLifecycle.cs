using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Wire;
using Troupe.Platform;
using Kind = Akka.Remote.Associations.AssociationSignalKind;

namespace Akka.Remote.Associations;

/// <summary>The association's life: dialling, greeting, open, gated, and what signals do to it.</summary>
internal sealed partial class Association
{
    /// <summary>
    /// A dial without an answer for so long is given up for a new one if the peer calls meanwhile: its first packet was lost, and the
    /// kernel sends that again after a second, then two, then four. However often the peer calls, it is one dial in this time.
    /// </summary>
    private static readonly TimeSpan UnansweredDial = TimeSpan.FromSeconds(1);

    private bool _stopping;
    private TimeSpan _dialledAt;
    private long _calledDuring;

    private void Take(in AssociationSignal signal)
    {
        if (signal.Source is { } source && !ReferenceEquals(source, _connection) && signal.Kind != Kind.Connected)
            return;
        switch (signal.Kind)
        {
            case Kind.Connected: OnConnected(signal.Source!); break;
            case Kind.ConnectFailed: OnConnectFailed(signal.Number, (Exception)signal.Content!); break;
            case Kind.Welcomed when _state == State.Greeting: OnWelcomed(signal.Source!, (Welcome)signal.Content!); break;
            case Kind.Refused: OnRefused((Refusal)signal.Content!); break;
            case Kind.Acknowledged: OnAlive(); _unacknowledged.Acknowledge((ulong)signal.Number); break;
            case Kind.HeartbeatAnswered: OnAlive(); break;
            case Kind.ConnectionClosed: OnClosed((Exception?)signal.Content); break;
            case Kind.HandshakeTimedOut when _state == State.Greeting: Fail(HandshakeTimeout()); break;
            case Kind.HeartbeatDue: OnHeartbeatDue(signal.Source!); break;
            case Kind.GateElapsed when _state == State.Gated && signal.Number == _gate: OnGateElapsed(); break;
            case Kind.AnswerOverdue when signal.Number == _attempt && _state is State.Dialling or State.Greeting: DialAnew(); break;
            case Kind.PeerContact: OnPeerContact((int)signal.Number); break;
            case Kind.Quarantine: OnQuarantine((int?)signal.Content); break;
            case Kind.Stop: _stopping = true; StopUnlessNeeded(); break;
            case Kind.StopNow: Stop(); break;
        }
    }

    private void Dial()
    {
        _state = State.Dialling;
        _dialledAt = remoting.Seams.Clock.Monotonic;
        Volatile.Write(ref _waiting, true);
        var attempt = _attempt = remoting.NextAttempt();
        var tcp = remoting.Tcp;
        remoting.Seams.Network.Connect(Peer.Host!, Peer.Port!.Value, tcp.Stream, tcp.ConnectionTimeout,
            connection =>
            {
                var dialled = new OutboundConnection(this, connection, attempt, new OutboundEncoder(remoting, Peer));
                Post(new AssociationSignal(Kind.Connected, dialled));
                return dialled;
            },
            cause => Post(new AssociationSignal(Kind.ConnectFailed, null, cause, attempt)));
    }

    /// <summary>The peer calls while this dial waits: it has until its time is over, and is given up for a new one then.</summary>
    private void ExpectAnswer()
    {
        _calledDuring = _attempt;
        var left = UnansweredDial - (remoting.Seams.Clock.Monotonic - _dialledAt);
        remoting.Seams.Timers.Schedule(left > TimeSpan.Zero ? left : TimeSpan.Zero,
            attempt => Post(new AssociationSignal(Kind.AnswerOverdue, null, null, (long)attempt!)), _attempt);
    }

    /// <summary>What the earlier attempt still brings is told by its number, and ignored.</summary>
    private void DialAnew()
    {
        _connection?.Close();
        _connection = null;
        Dial();
    }

    private void OnConnected(OutboundConnection connection)
    {
        if (_state != State.Dialling || connection.Attempt != _attempt)
        {
            connection.Close();
            return;
        }
        _state = State.Greeting;
        _connection = connection;
        connection.Encoder.WriteHello(
            new Hello(remoting.DefaultAddress, remoting.Uid, connection.Attempt, Peer, remoting.Tcp.MaximumFrameSize));
        connection.Flush();
        remoting.Seams.Timers.Schedule(remoting.Tcp.HandshakeTimeout,
            state => Post(new AssociationSignal(Kind.HandshakeTimedOut, (OutboundConnection)state!)), connection);
    }

    private void OnConnectFailed(long attempt, Exception cause)
    {
        if (_state == State.Dialling && attempt == _attempt)
            Fail(cause);
    }

    private void OnWelcomed(OutboundConnection connection, Welcome welcome)
    {
        if (IsQuarantined(welcome.Uid))
        {
            Fail(new RemoteTransportException($"the incarnation {welcome.Uid} of {Peer} is quarantined until it restarts"));
            return;
        }
        if (_peerUid == welcome.Uid)
            _unacknowledged.Resume(welcome.LastSystem);
        else
            _unacknowledged.Renumber(welcome.LastSystem);
        _peerUid = welcome.Uid;
        _state = State.Open;
        Volatile.Write(ref _waiting, false);
        connection.Encoder.MaxFrame = Math.Min(welcome.MaxFrame, remoting.Tcp.MaximumFrameSize);
        _detector = remoting.NewTransportDetector();
        OnAlive();
        ScheduleHeartbeat(connection);
        remoting.Publish(new AssociatedEvent(remoting.DefaultAddress, Peer, inbound: false));
        connection.ResendDue = true;
    }

    private void OnRefused(Refusal refusal)
    {
        Fail(new RemoteTransportException($"{Peer} refused the connection: {refusal.Text}"));
        if (refusal.Reason == RefusalReason.Quarantined)
            remoting.Publish(new ThisActorSystemQuarantinedEvent(remoting.DefaultAddress, Peer));
    }

    private void OnClosed(Exception? cause)
    {
        if (_state is State.Open or State.Greeting)
            Fail(cause ?? new RemoteTransportException($"{Peer} closed the connection"));
    }

    private void OnAlive()
    {
        _lastContact = remoting.Seams.Clock.Monotonic;
        _detector?.HeartBeat();
    }

    private void OnHeartbeatDue(OutboundConnection connection)
    {
        if (_state != State.Open)
            return;
        if (!_detector!.IsAvailable)
        {
            var silence = remoting.Seams.Clock.Monotonic - _lastContact;
            Fail(new RemoteTransportException(
                $"no answer from {Peer} for {silence.TotalSeconds:0.#} s: the connection is dead"));
            return;
        }
        connection.HeartbeatDue = true;
        ScheduleHeartbeat(connection);
    }

    private void ScheduleHeartbeat(OutboundConnection connection) =>
        remoting.Seams.Timers.Schedule(remoting.HeartbeatInterval,
            state => Post(new AssociationSignal(Kind.HeartbeatDue, (OutboundConnection)state!)), connection);

    /// <summary>The peer has come to us: it is there, whatever our own last attempt said.</summary>
    private void OnPeerContact(int uid)
    {
        _lastContact = remoting.Seams.Clock.Monotonic;
        if (_state == State.Gated)
            Enter(State.Idle);
        else if (_state == State.Open && _peerUid != uid)
            Disconnect(State.Idle);
        else if (_state is State.Dialling or State.Greeting && _calledDuring != _attempt)
            ExpectAnswer();
    }

    private void OnGateElapsed()
    {
        Enter(State.Idle);
        if (_unacknowledged.Count == 0)
        {
            RetireIfIdle();
            return;
        }
        var silence = remoting.Seams.Clock.Monotonic - _lastContact;
        if (_peerUid is null && silence >= remoting.Settings.InitialSysMsgDeliveryTimeout)
            GiveUp($"system messages have waited {silence.TotalSeconds:0} s for a first contact with {Peer}");
        else if (_peerUid is not null && silence >= remoting.Settings.QuarantineSilentSystemTimeout)
            GiveUp($"{Peer} has been silent for {silence.TotalHours:0.#} hours while system messages waited for it");
    }

    private void RetireIfIdle()
    {
        if (!_queue.IsEmpty || !_quarantined.IsEmpty || !remoting.Retire(this))
            return;
        Enter(State.Retired);
        IsRetired = true;
        Stopped.TrySetResult();
    }

    /// <summary>System messages cannot be delivered any more: the peer's incarnation is lost, or never was.</summary>
    private void GiveUp(string reason)
    {
        remoting.Log.Error("{0}. They are given up, and the peer is quarantined if it was ever met.", reason);
        OnQuarantine(_peerUid);
        _unacknowledged.Clear();
    }

    private void OnQuarantine(int? uid)
    {
        if (uid is { } known)
        {
            if (!Mark(known))
                return;
            remoting.CloseInbound(Peer, known);
            remoting.Publish(new QuarantinedEvent(Peer, known));
            if (_peerUid is not null && _peerUid != known)
                return;
            _unacknowledged.Clear();
        }
        if (_state != State.Stopped)
            Disconnect(State.Gated);
    }

    /// <summary>False when it was marked already. Markers that are old enough go.</summary>
    private bool Mark(int uid)
    {
        var now = remoting.Seams.Clock.Monotonic;
        if (_quarantined.ContainsKey(uid))
            return false;
        var keep = remoting.Settings.QuarantineDuration ?? TimeSpan.MaxValue;
        _quarantined = _quarantined.Where(marker => now - marker.Value < keep).ToImmutableDictionary().Add(uid, now);
        return true;
    }

    private void Fail(Exception cause)
    {
        var gate = remoting.Settings.RetryGateClosedFor;
        remoting.Publish(new AssociationErrorEvent(cause, remoting.DefaultAddress, Peer, inbound: false, LogLevel.WarningLevel));
        remoting.Log.Warning("Association with remote system {0} has failed; address is now gated for {1} ms. Reason: [{2}]",
            Peer, gate.TotalMilliseconds, cause.Message);
        Disconnect(State.Gated);
    }

    private void Disconnect(State next)
    {
        var connection = _connection;
        var wasOpen = _state == State.Open;
        _connection = null;
        _detector = null;
        Enter(next);
        connection?.Close();
        if (wasOpen)
            remoting.Publish(new DisassociatedEvent(remoting.DefaultAddress, Peer, inbound: false));
    }

    private void Enter(State next)
    {
        _state = next;
        Volatile.Write(ref _waiting, false);
        if (next == State.Gated)
        {
            remoting.Seams.Timers.Schedule(remoting.Settings.RetryGateClosedFor,
                gate => Post(new AssociationSignal(Kind.GateElapsed, null, null, (long)gate!)), ++_gate);
        }
        if (_stopping && next != State.Stopped)
            Stop();
    }

    /// <summary>What is queued still goes out, if the peer can be reached before the time for it is over.</summary>
    private void StopUnlessNeeded()
    {
        if (_state == State.Gated || (_queue.IsEmpty && _state != State.Open))
            Stop();
    }

    private void EndIfStopping(OutboundConnection connection)
    {
        if (!_stopping || !connection.CanWrite)
            return;
        connection.Encoder.WriteGoodbye();
        connection.Flush();
        Stop();
    }

    private void Stop()
    {
        if (_state == State.Stopped)
            return;
        _unacknowledged.Clear();
        Disconnect(State.Stopped);
        Stopped.TrySetResult();
    }

    private RemoteTransportException HandshakeTimeout() =>
        new($"no answer to the handshake from {Peer} within {remoting.Tcp.HandshakeTimeout.TotalSeconds} s");
}
