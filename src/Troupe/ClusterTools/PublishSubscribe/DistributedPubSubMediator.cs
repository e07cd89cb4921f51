using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>The mediator, for those who start one of their own besides the extension's, at the same path on all members.</summary>
public sealed class DistributedPubSubMediator
{
    private DistributedPubSubMediator()
    {
    }

    public static Props Props(DistributedPubSubSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return MediatorActor.Props(settings);
    }
}
