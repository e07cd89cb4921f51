using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>The parent of regions, proxies and the coordinators' singleton managers. They are started from outside.</summary>
internal sealed class Guardian : ReceiveActor
{
    public Guardian() => Context.ActorOf(Props.Create(() => new HomesHolder()), HomesHolder.Name);
}
