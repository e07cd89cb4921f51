using Akka.Actor;

namespace Akka.Remote;

/// <summary>A message that is longer on the wire than `maximum-frame-size`. It is dropped; its sender is not told.</summary>
internal sealed class OversizedPayloadException(string message) : AkkaException(message);
