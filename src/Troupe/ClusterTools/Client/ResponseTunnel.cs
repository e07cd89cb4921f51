using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

/// <summary>The way back to one client: what comes is passed on without its sender. Ends when no answer comes for a while.</summary>
internal sealed class ResponseTunnel : UntypedActor
{
    private readonly IActorRef _client;

    public ResponseTunnel(IActorRef client, TimeSpan timeout)
    {
        _client = client;
        SetReceiveTimeout(timeout);
    }

    protected override void OnReceive(object message)
    {
        if (message is ReceiveTimeout) Context.Stop(Self);
        else _client.Tell(message, ActorRefs.NoSender);
    }
}
