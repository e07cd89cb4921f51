using Akka.Actor.Setup;
using KvStore.Core.Identity;
using KvStore.Node.Settings;

namespace KvStore.Node;

/// <summary>
/// What the owner of an actor system says of the store in it, beside the configuration: <c>ActorSystemSetup.Create(BootstrapSetup...,
/// new KvSetup {...})</c>. A system without one has a node that keeps its data under its configured id, and leaves the cluster's
/// membership to the owner.
/// </summary>
public sealed class KvSetup : Setup
{
    /// <summary>Settings read before; null: those of the system's configuration.</summary>
    public NodeSettings? Settings { get; init; }

    public NodeStartup Startup { get; init; } = new(NodeId.None) { JoinsByItself = false };
}
