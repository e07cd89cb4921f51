namespace Akka.Remote.Wire;

/// <summary>The first byte of every frame (docs/formats/remoting.md). Numbers are never used again for anything else.</summary>
internal enum FrameType : byte
{
    /// <summary>Dialler's first frame: who calls whom.</summary>
    Hello = 1,

    /// <summary>Acceptor's answer: come in.</summary>
    Welcome = 2,

    /// <summary>Acceptor's last frame: not here, and why.</summary>
    Refuse = 3,

    /// <summary>Dialler: a message for an actor.</summary>
    Message = 4,

    /// <summary>Dialler: a numbered system message for an actor.</summary>
    System = 5,

    /// <summary>Acceptor: all system messages up to this number have been delivered.</summary>
    Ack = 6,

    Heartbeat = 7,

    HeartbeatAck = 8,

    /// <summary>Dialler's last frame: it shuts down.</summary>
    Goodbye = 9,
}
