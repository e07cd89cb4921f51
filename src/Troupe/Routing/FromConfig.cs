using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>The router that the settings name for the actor's path, under <c>akka.actor.deployment</c>.</summary>
public class FromConfig : Pool
{
    public FromConfig()
        : this(new PoolSettings(0))
    {
    }

    private FromConfig(PoolSettings settings)
        : base(settings)
    {
    }

    public static FromConfig Instance { get; } = new();

    public override Router CreateRouter(ActorSystem system) => throw NotReplaced();

    public override ActorBase CreateRouterActor() => throw NotReplaced();

    public override int GetNrOfInstances(ActorSystem sys) => 0;

    public Props Props() => Actor.Props.Empty.WithRouter(this);

    public FromConfig WithSupervisorStrategy(SupervisorStrategy strategy) => new(Settings with { SupervisorStrategy = strategy });

    public FromConfig WithDispatcher(string dispatcherId) => new(Settings with { RouterDispatcher = dispatcherId });

    /// <summary>Still here when the actor is started: the settings have no router for it.</summary>
    public override void VerifyConfig(ActorPath path) => throw new ConfigurationException(
        $"{path} was not started: its router is to come from the settings, but they have none for it. "
        + $"Add akka.actor.deployment {{ /{string.Join('/', path.Elements.Skip(1))} {{ router = ... }} }}.");

    private static NotSupportedException NotReplaced() => new("The settings' router takes the place of FromConfig; it routes nothing itself.");
}
