using Akka.Actor;

namespace Akka.Remote.Wire;

/// <summary>Bytes that no peer of ours writes. The connection that they came on is closed; nothing else is touched.</summary>
internal sealed class MalformedFrameException(string message) : AkkaException(message);
