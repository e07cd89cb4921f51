using Akka.Actor;

namespace Akka.Remote.Associations;

/// <summary>A message on its way to a peer. A system message travels reliably, anything else at most once.</summary>
internal readonly record struct OutboundEnvelope(object Message, IActorRef? Sender, RemoteActorRef Recipient);
