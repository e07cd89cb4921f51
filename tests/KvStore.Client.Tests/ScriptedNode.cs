using Akka.Actor;
using Akka.Configuration;
using KvStore.Core.Identity;
using KvStore.Wire;

namespace KvStore.Client.Tests;

/// <summary>A node that is nothing but a coordinator, which answers as the spec says; null: not at all.</summary>
internal sealed class ScriptedNode : IAsyncDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create(
        "kv", ConfigurationFactory.ParseString("akka.remote.dot-netty.tcp.port = 0").WithFallback(KvClient.Configuration));

    public ScriptedNode() => _system.ActorOf(Props.Create(() => new Parent(this)), "kv");

    public string HostAndPort
    {
        get
        {
            var address = ((ExtendedActorSystem)_system).Provider.DefaultAddress;
            return $"{address.Host}:{address.Port}";
        }
    }

    /// <summary>What it answers. Set before anything is asked.</summary>
    public Func<IWireMessage, IWireMessage?> Answer { get; set; } = static _ => null;

    /// <summary>The ids of the requests that it was asked.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<RequestId> Asked { get; } = new();

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private sealed class Parent : ReceiveActor
    {
        public Parent(ScriptedNode node) => Context.ActorOf(Props.Create(() => new Coordinator(node)), "coordinator");
    }

    private sealed class Coordinator : ReceiveActor
    {
        public Coordinator(ScriptedNode node) => Receive<IWireMessage>(message =>
        {
            if (message is ClientProtocol.IClientRequest request) node.Asked.Enqueue(request.Request);
            if (node.Answer(message) is { } answer) Sender.Tell(answer);
        });
    }
}
