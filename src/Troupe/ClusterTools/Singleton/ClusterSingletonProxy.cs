using Akka.Actor;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Passes messages to a singleton wherever it runs, with their senders. While it does not know where, it keeps as many as its buffer
/// takes, in order; a full buffer drops the oldest. A message may be lost when the singleton's member dies.
/// </summary>
public sealed class ClusterSingletonProxy
{
    private ClusterSingletonProxy()
    {
    }

    /// <param name="singletonManagerPath">The managers' path without an address, as "/user/manager".</param>
    /// <param name="settings">The singleton's name, the role, the buffer.</param>
    public static Props Props(string singletonManagerPath, ClusterSingletonProxySettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(singletonManagerPath);
        ArgumentNullException.ThrowIfNull(settings);
        return Actor.Props.Create(() => new SingletonProxyActor(singletonManagerPath, settings)).WithDeploy(Deploy.Local);
    }
}
