namespace Akka.Remote.Associations;

/// <summary>Something that an association's work item has to take notice of.</summary>
internal enum AssociationSignalKind
{
    Connected,
    ConnectFailed,
    Welcomed,
    Refused,
    Acknowledged,
    HeartbeatAnswered,
    ConnectionClosed,
    HandshakeTimedOut,
    HeartbeatDue,
    GateElapsed,
    PeerContact,
    AnswerOverdue,
    Quarantine,
    Stop,
    StopNow,
}

/// <param name="Source">The connection that it concerns, if any: a signal of a connection that is not the present one is
/// stale.</param>
/// <param name="Content">What came: a welcome, a refusal, an exception.</param>
/// <param name="Number">An acknowledged number, an attempt, a uid or a gate, by kind.</param>
internal readonly record struct AssociationSignal(
    AssociationSignalKind Kind, OutboundConnection? Source = null, object? Content = null, long Number = 0);
