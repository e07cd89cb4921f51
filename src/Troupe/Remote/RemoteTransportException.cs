using Akka.Actor;

namespace Akka.Remote;

/// <summary>Remoting cannot start, or cannot do what was asked of it.</summary>
public class RemoteTransportException(string message, Exception? cause = null) : AkkaException(message, cause);
