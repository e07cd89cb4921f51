using Akka.Actor;
using Akka.Event;
using Akka.Remote.Wire;
using Troupe.Platform;

namespace Akka.Remote.Associations;

/// <summary>
/// The accepted end of a connection: a handshake, then frames to deliver; answers go back on the same stream.
/// <para>
/// Thread rule: OnReceived and OnClosed by the network, never at once; Refuse and the timers from any thread.
/// </para>
/// Invariants:
/// <list type="number">
/// <item>Before the handshake at most <see cref="Handshake.MaxFrame"/> bytes are kept, and nothing is resolved or
/// delivered.</item>
/// <item>What follows a refusal is ignored.</item>
/// <item>Answers are bounded: at most one welcome or refusal, one ack and one heartbeat answer wait.</item>
/// </list>
/// </summary>
internal sealed class InboundConnection : IConnectionHandler
{
    /// <summary>Room beside the payload for the envelope's numbers.</summary>
    private const int FrameSlack = 64;

    private readonly Remoting _remoting;
    private readonly IConnection _connection;
    private readonly FrameAssembler _frames = new(Handshake.MaxFrame);
    private readonly AnswerWriter _answers;
    private readonly FailureDetector _detector;
    private InboundPeer? _peer;
    private InboundReader? _reader;
    private ITimerHandle _timer;
    private volatile bool _ended;
    private bool _saidGoodbye;

    internal InboundConnection(Remoting remoting, IConnection connection)
    {
        (_remoting, _connection) = (remoting, connection);
        _answers = new AnswerWriter(connection);
        _detector = remoting.NewTransportDetector();
        _timer = remoting.Seams.Timers.Schedule(
            remoting.Tcp.HandshakeTimeout, static self => ((InboundConnection)self!).OnTooSlow(), this);
    }

    internal string RemoteName => _connection.RemoteName;

    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        if (_ended)
            return;
        try
        {
            if (_peer is null && !TryGreet(ref bytes))
                return;
            lock (_peer!.Gate)
                Deliver(bytes);
        }
        catch (MalformedFrameException cause)
        {
            var reason = _peer is null ? RefusalReason.ForeignProtocol : RefusalReason.Malformed;
            var text = _peer is null ? $"the first bytes are {Handshake.DescribeStream(bytes)}" : cause.Message;
            Refuse(new Refusal(reason, text));
        }
    }

    public void OnClosed(Exception? cause)
    {
        _ended = true;
        _timer.Cancel();
        _frames.Release();
        var peer = _peer;
        if (peer is null)
        {
            _remoting.OnStrangerGone();
            return;
        }
        if (!_remoting.Leave(peer, this))
            return;
        if (cause is not null && !_saidGoodbye)
        {
            _remoting.Publish(
                new AssociationErrorEvent(cause, _remoting.DefaultAddress, peer.Address, inbound: true, LogLevel.WarningLevel));
        }
        _remoting.Publish(new DisassociatedEvent(_remoting.DefaultAddress, peer.Address, inbound: true));
    }

    /// <summary>The caller has made a newer connection: nothing of this one is delivered any more.</summary>
    internal void Abandon()
    {
        _ended = true;
        _connection.Close();
    }

    /// <summary>Says why, once and rarely in the log, and closes.</summary>
    internal void Refuse(Refusal refusal)
    {
        if (_ended)
            return;
        _ended = true;
        _remoting.LogRefusal(RemoteName, refusal);
        if (refusal.Reason == RefusalReason.ForeignProtocol)
            _connection.Close();
        else
            _answers.RefuseAndClose(refusal);
    }

    /// <summary>True when the caller has been let in; <paramref name="bytes"/> is moved past its introduction.</summary>
    private bool TryGreet(ref ReadOnlySpan<byte> bytes)
    {
        var rest = bytes;
        if (!_frames.TryRead(ref rest, out var frame))
            return false;
        var refusal = Handshake.ReadHello(frame, out var hello) ?? _remoting.Admit(this, hello!, out _peer);
        if (refusal is not null)
        {
            Refuse(refusal);
            return false;
        }
        bytes = rest;
        _timer.Cancel();
        _frames.Limit = _remoting.Tcp.MaximumFrameSize + FrameSlack;
        _reader = new InboundReader(_remoting, _peer!);
        _answers.Welcome(new Welcome(_remoting.Uid, _remoting.Tcp.MaximumFrameSize, _peer!.LastSystem));
        ScheduleWatch();
        return true;
    }

    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        if (!ReferenceEquals(_peer!.Current, this))
        {
            _ended = true;
            _connection.Close();
            return;
        }
        _detector.HeartBeat();
        var before = _peer.LastSystem;
        var outer = _remoting.EnterTransport();
        try
        {
            while (_frames.TryRead(ref bytes, out var frame))
                Handle(frame);
        }
        finally
        {
            _remoting.LeaveTransport(outer);
        }
        if (_peer.LastSystem != before)
            _answers.Acknowledge(_peer.LastSystem);
    }

    private void Handle(ReadOnlySpan<byte> frame)
    {
        switch ((FrameType)frame[0])
        {
            case FrameType.Message: _reader!.DeliverMessage(frame[1..]); break;
            case FrameType.System: _reader!.DeliverSystem(frame[1..]); break;
            case FrameType.Heartbeat: _answers.AnswerHeartbeat(); break;
            case FrameType.Goodbye: _saidGoodbye = true; break;
            default: throw new MalformedFrameException($"a frame of type {frame[0]} from the calling side");
        }
    }

    private void OnTooSlow()
    {
        if (_ended || _peer is not null)
            return;
        _ended = true;
        _remoting.LogRefusal(RemoteName, new Refusal(RefusalReason.ForeignProtocol, "no handshake within handshake-timeout"));
        _connection.Close();
    }

    private void ScheduleWatch() =>
        _timer = _remoting.Seams.Timers.Schedule(
            _remoting.HeartbeatInterval, static self => ((InboundConnection)self!).OnWatch(), this);

    private void OnWatch()
    {
        if (_ended)
            return;
        if (_detector.IsAvailable)
            ScheduleWatch();
        else
            _connection.Close();
    }
}
