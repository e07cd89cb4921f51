using Akka.Actor;

namespace Akka.Routing;

/// <summary>Chooses the routee of a message. Any thread may call, several at once.</summary>
public abstract class RoutingLogic : INoSerializationVerificationNeeded
{
    /// <summary>The routee, or <see cref="Routee.NoRoutee"/>. The array is never changed by anybody.</summary>
    public abstract Routee Select(object message, Routee[] routees);
}
