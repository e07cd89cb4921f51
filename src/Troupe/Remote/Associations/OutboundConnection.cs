using Akka.Remote.Wire;
using Troupe.Platform;

namespace Akka.Remote.Associations;

/// <summary>
/// The dialled end of a connection: frames go out, answers (welcome, acks, heartbeat answers) come back.
/// <para>
/// Thread rule: everything that writes is called by the association's work item; OnReceived and OnClosed by the network,
/// which post signals and touch nothing else.
/// </para>
/// Invariants: 1. at most one write is outstanding; 2. the encoder's buffer belongs to the network meanwhile.
/// </summary>
internal sealed class OutboundConnection : IConnectionHandler
{
    private const int Idle = 0;
    private const int InCall = 1;
    private const int Outstanding = 2;

    private readonly Association _owner;
    private readonly IConnection _connection;
    private readonly FrameAssembler _frames = new(Handshake.MaxFrame);
    private readonly Action<Exception?> _written;
    private int _writeState;

    internal OutboundConnection(Association owner, IConnection connection, long attempt, OutboundEncoder encoder)
    {
        (_owner, _connection, Attempt, Encoder) = (owner, connection, attempt, encoder);
        _written = OnWritten;
    }

    internal long Attempt { get; }

    internal OutboundEncoder Encoder { get; }

    /// <summary>Set while a heartbeat waits for the next write round.</summary>
    internal bool HeartbeatDue { get; set; }

    /// <summary>Set until the system messages that the peer has not acknowledged are in a write round: the first, before all else.</summary>
    internal bool ResendDue { get; set; }

    internal string RemoteName => _connection.RemoteName;

    internal bool CanWrite => Volatile.Read(ref _writeState) == Idle;

    /// <summary>Writes what the encoder holds. The owner is scheduled again if that takes longer than the call.</summary>
    internal void Flush()
    {
        _writeState = InCall;
        _connection.Write(Encoder.Written, _written);
        // Completed inside the call: go on. Else the completion schedules the owner.
        Interlocked.CompareExchange(ref _writeState, Outstanding, InCall);
    }

    internal void Close() => _connection.Close();

    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (_frames.TryRead(ref bytes, out var frame))
                Handle(frame);
        }
        catch (MalformedFrameException cause)
        {
            _owner.Post(new AssociationSignal(AssociationSignalKind.ConnectionClosed, this, cause));
            _connection.Close();
        }
    }

    public void OnClosed(Exception? cause)
    {
        _frames.Release();
        _owner.Post(new AssociationSignal(AssociationSignalKind.ConnectionClosed, this, cause));
    }

    private void Handle(ReadOnlySpan<byte> frame)
    {
        var body = frame[1..];
        switch ((FrameType)frame[0])
        {
            case FrameType.Welcome:
                _owner.Post(new AssociationSignal(AssociationSignalKind.Welcomed, this, Handshake.ReadWelcome(body)));
                break;
            case FrameType.Refuse:
                _owner.Post(new AssociationSignal(AssociationSignalKind.Refused, this, Handshake.ReadRefusal(body)));
                break;
            case FrameType.Ack:
                var number = (long)new FrameReader(body).ReadVarint();
                _owner.Post(new AssociationSignal(AssociationSignalKind.Acknowledged, this, null, number));
                break;
            case FrameType.HeartbeatAck:
                _owner.Post(new AssociationSignal(AssociationSignalKind.HeartbeatAnswered, this));
                break;
            default:
                throw new MalformedFrameException($"a frame of type {frame[0]} from the called side");
        }
    }

    private void OnWritten(Exception? failure)
    {
        if (failure is not null)
            _connection.Close();
        Encoder.Clear();
        if (Interlocked.Exchange(ref _writeState, Idle) == Outstanding)
            _owner.Schedule();
    }
}
