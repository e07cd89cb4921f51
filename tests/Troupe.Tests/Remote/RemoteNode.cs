using System.Collections.Concurrent;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote;
using Troupe.Platform;

namespace Troupe.Tests.Remote;

/// <summary>An actor system with remoting on the loopback address, and what specs ask of one.</summary>
internal sealed class RemoteNode : IAsyncDisposable
{
    private const string Common = """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          loggers = []
          log-dead-letters = off
          actor {
            provider = remote
            serializers {
              blob = "Troupe.Tests.Remote.BlobSerializer, Troupe.Tests"
              bytes = "Akka.Serialization.ByteArraySerializer, Akka"
            }
            serialization-bindings {
              "Troupe.Tests.Remote.Blob, Troupe.Tests" = blob
              "System.Byte[]" = bytes
            }
            serialization-identifiers { "Troupe.Tests.Remote.BlobSerializer, Troupe.Tests" = 9001 }
          }
          remote {
            retry-gate-closed-for = 100ms
            flush-wait-on-shutdown = 500ms
            dot-netty.tcp { hostname = "127.0.0.1", port = 0, connection-timeout = 5s, handshake-timeout = 5s }
          }
        }
        """;

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Seams _seams;

    private RemoteNode(ActorSystem system, Seams seams) => (System, _seams) = (system, seams);

    internal ActorSystem System { get; }

    internal Address Address => Provider.DefaultAddress;

    internal int Uid => AddressUidExtension.Uid(System);

    internal IRemoteActorRefProvider Provider => (IRemoteActorRefProvider)((ExtendedActorSystem)System).Provider;

    internal static RemoteNode Start(string name, string config = "", Seams? seams = null, params Setup[] setups)
    {
        var hocon = ConfigurationFactory.ParseString(config).WithFallback(ConfigurationFactory.ParseString(Common));
        seams ??= new RealSeams();
        var setup = ActorSystemSetup.Create([BootstrapSetup.Create().WithConfig(hocon), new SeamsSetup(seams), .. setups]);
        return new RemoteNode(ActorSystem.Create(name, setup), seams);
    }

    /// <summary>A new incarnation at the address of one that has ended.</summary>
    internal static RemoteNode StartAt(Address address, string config = "") =>
        Start(address.System, $"akka.remote.dot-netty.tcp.port = {address.Port}\n{config}");

    /// <summary>The node is gone for all others, without a word: its connections break and its port is closed.</summary>
    internal void Vanish() => ((TcpNetwork)_seams.Network).Shutdown();

    /// <summary>An actor that keeps what it is told for the spec to read.</summary>
    internal Probe NewProbe(string? name = null)
    {
        var probe = new Probe();
        probe.Ref = System.ActorOf(Props.Create(() => new ProbeActor(probe)), name);
        return probe;
    }

    /// <summary>A probe that hears of events of this type.</summary>
    internal Probe Listen<TEvent>()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(TEvent));
        return probe;
    }

    internal IActorRef Echo(string name = "echo") => System.ActorOf(Props.Create(() => new EchoActor()), name);

    /// <summary>A reference from here that names the path on another node without uid.</summary>
    internal IActorRef By(RemoteNode other, string path) => By(other.Address, path);

    internal IActorRef By(Address other, string path) => Provider.ResolveActorRef(other + path);

    /// <summary>A reference from here that carries the actor's uid.</summary>
    internal async Task<IActorRef> Find(RemoteNode other, string path) =>
        await System.ActorSelection(other.Address + path).ResolveOne(Patience);

    public async ValueTask DisposeAsync() => await System.Terminate().WaitAsync(Patience);

    private sealed class EchoActor : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }
}

/// <summary>Messages that an actor was told, in order.</summary>
internal sealed class Probe
{
    private readonly Channel<(object Message, IActorRef Sender)> _messages =
        Channel.CreateUnbounded<(object, IActorRef)>();

    internal IActorRef Ref { get; set; } = ActorRefs.Nobody;

    internal IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    internal void Add(object message, IActorRef sender) => _messages.Writer.TryWrite((message, sender));

    /// <summary>The next message, which must be of this type.</summary>
    internal async Task<T> Expect<T>() => Assert.IsAssignableFrom<T>(await Next());

    /// <summary>The next message that fits; others before it are skipped.</summary>
    internal async Task<T> Fish<T>(Func<T, bool>? fits = null)
    {
        while (true)
        {
            if (await Next() is T message && (fits is null || fits(message)))
                return message;
        }
    }

    /// <summary>What has come so far and was not read yet.</summary>
    internal List<object> Drain()
    {
        var drained = new List<object>();
        while (_messages.Reader.TryRead(out var entry))
            drained.Add(entry.Message);
        return drained;
    }

    private async Task<object> Next()
    {
        using var limit = new CancellationTokenSource(RemoteNode.Patience);
        var (message, sender) = await _messages.Reader.ReadAsync(limit.Token);
        LastSender = sender;
        return message;
    }
}

internal sealed class ProbeActor(Probe probe) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is Watching watching)
        {
            Context.Watch(watching.Subject);
            Sender.Tell("watching");
        }
        else
        {
            probe.Add(message, Sender);
        }
    }
}

/// <summary>Makes a probe's actor watch somebody; it answers when it has begun.</summary>
internal sealed record Watching(IActorRef Subject);
