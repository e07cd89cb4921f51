using Akka.Actor;
using Akka.Configuration;
using Akka.Remote;
using Akka.TestKit;

namespace ActorRuntime.Specs.Remoting;

/// <summary>
/// The base of specs about two systems over loopback TCP: <see cref="TestKitBase.Sys"/> here and <see cref="Peer"/> there, each on
/// a port of its own.
/// </summary>
public abstract class RemoteSpec : Spec
{
    protected const string Remoting =
        """
        akka {
          actor {
            provider = remote
            serializers.note = "ActorRuntime.Specs.Hosting.NoteSerializer, ActorRuntime.Specs"
            serialization-bindings { "ActorRuntime.Specs.Hosting.INote, ActorRuntime.Specs" = note }
            serialization-identifiers { "ActorRuntime.Specs.Hosting.NoteSerializer, ActorRuntime.Specs" = 4711 }
          }
          remote {
            retry-gate-closed-for = 200ms
            log-remote-lifecycle-events = off
            dot-netty.tcp {
              hostname = "127.0.0.1"
              port = 0
              maximum-frame-size = 128000b
            }
            watch-failure-detector {
              heartbeat-interval = 200ms
              acceptable-heartbeat-pause = 1s
              unreachable-nodes-reaper-interval = 200ms
              expected-response-after = 200ms
            }
          }
        }
        """;

    private readonly List<ActorSystem> _peers = [];

    protected RemoteSpec(string config = "")
        : base(config + "\n" + Remoting)
    {
        Peer = StartPeer(0);
        PeerAddress = AddressOf(Peer);
    }

    protected ActorSystem Peer { get; private set; }

    protected Address PeerAddress { get; }

    protected static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    protected string PathOf(string name) => $"{PeerAddress}/user/{name}";

    /// <summary>A reference by path alone: it carries no uid and so outlives the actor, and the system, behind it.</summary>
    protected IActorRef ByPath(string name) => ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(PathOf(name));

    /// <summary>The reference that the peer's actor itself answers with.</summary>
    protected IActorRef Identified(string name)
    {
        var asker = CreateTestProbe();
        asker.AwaitAssert(
            () =>
            {
                Sys.ActorSelection(PathOf(name)).Tell(new Identify(name), asker.Ref);
                Assert.NotNull(asker.ExpectMsg<ActorIdentity>(TimeSpan.FromSeconds(1)).Subject);
            },
            TimeSpan.FromSeconds(20));
        return ((ActorIdentity)asker.LastMessage!).Subject!;
    }

    /// <summary>Ends the peer at once, without a word to its watchers beyond the closed connection, and waits for it.</summary>
    protected async Task EndPeer() => await Peer.Terminate().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>A new process, so to say, at the old address: another uid.</summary>
    protected void RestartPeer() => Peer = StartPeer(PeerAddress.Port!.Value);

    private ActorSystem StartPeer(int port)
    {
        var config = ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp.port = {port}").WithFallback(Sys.Settings.Config);
        var peer = ActorSystem.Create("peer", config);
        _peers.Add(peer);
        return peer;
    }

    protected override void AfterAll()
    {
        foreach (var peer in _peers)
        {
            Shutdown(peer, TimeSpan.FromSeconds(20));
        }
        base.AfterAll();
    }
}

/// <summary>Sends everything back; "stop" stops it, "fail" restarts it.</summary>
public sealed class RemoteEcho : ReceiveActor
{
    public RemoteEcho()
    {
        Receive<Hosting.Note>(m => m.Text == "stop", _ => Context.Stop(Self));
        Receive<Hosting.Note>(m => m.Text == "fail", _ => throw new InvalidOperationException("on purpose"));
        ReceiveAny(m => Sender.Tell(m));
    }
}
