namespace Akka.Routing;

/// <summary>What a router takes off before it sends the message inside.</summary>
public class RouterEnvelope(object message)
{
    public object Message { get; } = message;
}

/// <summary>To all routees, whatever the router's logic.</summary>
public class Broadcast(object message) : RouterEnvelope(message);
