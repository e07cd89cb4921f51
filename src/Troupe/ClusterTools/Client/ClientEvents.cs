using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

/// <summary>A message between a client and a receptionist.</summary>
public interface IClusterClientMessage;

/// <summary>What a client takes from applications.</summary>
public interface IClusterClientProtocolMessage;

/// <summary>Tells the sender the receptionists that a client knows, and every change of them.</summary>
public interface ISubscribeContactPoints;

/// <summary>Ends a subscription by <see cref="ISubscribeContactPoints"/>.</summary>
public interface IUnsubscribeContactPoints;

/// <summary>Which receptionists does the client know? Answered by <see cref="ContactPoints"/>.</summary>
public interface IGetContactPoints;

/// <summary>A receptionist has come or gone.</summary>
public interface IContactPointChange
{
    ActorPath ContactPoint { get; }
}

/// <summary>A client has come or gone.</summary>
public interface IClusterClientInteraction
{
    IActorRef ClusterClient { get; }
}

public sealed class SubscribeContactPoints : ISubscribeContactPoints
{
    public static readonly SubscribeContactPoints Instance = new();

    private SubscribeContactPoints()
    {
    }
}

public sealed class UnsubscribeContactPoints : IUnsubscribeContactPoints
{
    public static readonly UnsubscribeContactPoints Instance = new();

    private UnsubscribeContactPoints()
    {
    }
}

public sealed class GetContactPoints : IGetContactPoints
{
    public static readonly GetContactPoints Instance = new();

    private GetContactPoints()
    {
    }
}

/// <summary>The receptionists that a client knows.</summary>
public sealed class ContactPoints(IImmutableSet<ActorPath> contactPoints)
{
    public IImmutableSet<ActorPath> ContactPointsList { get; } = contactPoints;
}

public sealed class ContactPointAdded(ActorPath contactPoint) : IContactPointChange
{
    public ActorPath ContactPoint { get; } = contactPoint;
}

public sealed class ContactPointRemoved(ActorPath contactPoint) : IContactPointChange
{
    public ActorPath ContactPoint { get; } = contactPoint;
}

/// <summary>Tells the sender a receptionist's clients, and every change of them.</summary>
public sealed class SubscribeClusterClients
{
    private SubscribeClusterClients()
    {
    }

    public static SubscribeClusterClients Instance { get; } = new();
}

/// <summary>Ends a subscription by <see cref="SubscribeClusterClients"/>.</summary>
public sealed class UnsubscribeClusterClients
{
    private UnsubscribeClusterClients()
    {
    }

    public static UnsubscribeClusterClients Instance { get; } = new();
}

/// <summary>Which clients has the receptionist? Answered by <see cref="ClusterClients"/>.</summary>
public sealed class GetClusterClients
{
    private GetClusterClients()
    {
    }

    public static GetClusterClients Instance { get; } = new();
}

/// <summary>The clients of a receptionist.</summary>
public sealed class ClusterClients(IImmutableSet<IActorRef> clusterClientsList)
{
    public IImmutableSet<IActorRef> ClusterClientsList { get; } = clusterClientsList;
}

public sealed class ClusterClientUp(IActorRef clusterClient) : IClusterClientInteraction
{
    public IActorRef ClusterClient { get; } = clusterClient;
}

public sealed class ClusterClientUnreachable(IActorRef clusterClient) : IClusterClientInteraction
{
    public IActorRef ClusterClient { get; } = clusterClient;
}
