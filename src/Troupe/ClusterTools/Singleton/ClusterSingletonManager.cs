using Akka.Actor;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Runs one actor in the whole cluster: on the oldest member that is Up, of a role if one is set. Start it on every member, at the same
/// path. A member that leaves ends its singleton before the next oldest starts it; after a crash it starts when the member has been
/// removed, which is the downing provider's decision.
/// <para>Not promised: that there is never more than one while members that were removed still live, as after a split in which both
/// sides down each other.</para>
/// </summary>
public sealed class ClusterSingletonManager
{
    private ClusterSingletonManager()
    {
    }

    /// <summary>A manager that ends its singleton by a <see cref="PoisonPill"/>.</summary>
    public static Props Props(Props singletonProps, ClusterSingletonManagerSettings settings) =>
        Props(singletonProps, PoisonPill.Instance, settings);

    /// <param name="singletonProps">The actor that is to run.</param>
    /// <param name="terminationMessage">What it is told when it must end; it ends in its own time and is waited for.</param>
    /// <param name="settings">Its name, the role and the intervals.</param>
    public static Props Props(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(singletonProps);
        ArgumentNullException.ThrowIfNull(terminationMessage);
        ArgumentNullException.ThrowIfNull(settings);
        return Actor.Props.Create(() => new SingletonManagerActor(singletonProps, terminationMessage, settings))
            .WithDeploy(Deploy.Local);
    }
}
