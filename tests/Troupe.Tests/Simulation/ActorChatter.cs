using Akka.Actor;
using Akka.Configuration;
using Troupe.Simulation;

namespace Troupe.Tests.Simulation;

/// <summary>
/// Five actor systems whose actors ask, tell, watch, stash, fail, restart and stop over lines and nodes that break, for three
/// virtual minutes, and must understand each other afterwards.
/// </summary>
internal sealed class ActorChatter
{
    private const int Nodes = 5;

    private static readonly Config Config = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          actor.provider = remote
          remote.dot-netty.tcp.port = 4053
        }
        """;

    private readonly World _world;

    private ActorChatter(World world) => _world = world;

    public static ulong Run(SimulationOptions options)
    {
        using var world = new World(options);
        var chatter = new ActorChatter(world);
        for (var i = 0; i < Nodes; i++) chatter.Start(world.AddNode($"n{i}"));
        world.Run(chatter.Live);
        return world.TraceHash;
    }

    private readonly Dictionary<SimulatedNode, ActorSystem> _systems = [];

    private void Start(SimulatedNode node)
    {
        var system = node.Start("chatter", Config);
        _systems[node] = system;
        var seed = (int)(uint)_world.Random.NextUInt64();
        system.ActorOf(Props.Create(() => new Talker(seed)), "talker");
    }

    private async Task Live()
    {
        for (var i = 0; i < 60; i++)
        {
            Disturb();
            await _world.Delay(TimeSpan.FromSeconds(3));
        }
        Recover();
        // Long enough for every gate, back-off and connection attempt to end.
        await _world.Delay(TimeSpan.FromMinutes(3));
        foreach (var from in _world.Nodes)
        {
            foreach (var to in _world.Nodes)
            {
                if (!await Answers(_systems[from].ActorSelection(Talker.PathOn(to.Index))))
                    throw new InvalidOperationException($"{to} does not answer {from}");
            }
        }
    }

    /// <summary>A message may be lost with a connection that was about to open; three in a row may not.</summary>
    private static async Task<bool> Answers(ActorSelection talker)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                return await talker.Ask<string>("are you there", TimeSpan.FromSeconds(30)) == "yes";
            }
            catch (AskTimeoutException)
            {
                // Asked again: the gate behind a lost connection is open by now.
            }
        }
        return false;
    }

    private void Disturb()
    {
        var random = _world.Random;
        var (one, other) = (_world.Nodes[random.Next(Nodes)], _world.Nodes[random.Next(Nodes)]);
        switch (random.Next(12))
        {
            case 0: _world.Network.Cut(one, other); break;
            case 1: _world.Network.Isolate(one); break;
            case 2: _world.Network.Clog(one, other, TimeSpan.FromSeconds(5)); break;
            case 3: _world.Network.ResetConnections(one, other); break;
            case 4: one.Crash(random.Chance(0.5) ? CrashKind.Reset : CrashKind.Silent); break;
            case 5: one.Pause(); break;
            case 6: _world.Network.SetLink(one, other, new LinkOptions { BytesPerSecond = 500 }); break;
            case 7: Recover(); break;
            case 8: Renew(one); break;
        }
    }

    /// <summary>Ends the node's system in good order and starts another one in the same process.</summary>
    private async void Renew(SimulatedNode node)
    {
        var old = _systems[node];
        await old.Terminate();
        if (node.IsUp && _systems[node] == old) Start(node);
    }

    private void Recover()
    {
        _world.Network.HealAll();
        foreach (var node in _world.Nodes)
        {
            node.Resume();
            if (node.IsUp) continue;
            node.Restart();
            Start(node);
        }
    }

    private sealed class Talker : ReceiveActor, IWithTimers, IWithStash
    {
        private readonly Random _random;
        private int _children;

        public Talker(int seed)
        {
            _random = new Random(seed);
            Open();
        }

        public ITimerScheduler Timers { get; set; } = null!;

        public IStash Stash { get; set; } = null!;

        public static string PathOn(int node) => $"akka.tcp://chatter@10.0.0.{node + 1}:4053/user/talker";

        protected override void PreStart() => Timers.StartPeriodicTimer("talk", "talk", TimeSpan.FromMilliseconds(250));

        private void Open()
        {
            Receive<string>(text => text == "talk", _ => Talk());
            Receive<string>(text => text == "are you there", _ => Sender.Tell("yes"));
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("asked to"));
            Receive<string>(text => text == "close", _ => Become(Shut));
            ReceiveAsync<int>(async number =>
            {
                var sender = Sender;
                await Task.Yield();
                sender.Tell($"{number}");
            });
            Receive<Terminated>(_ => _children--);
            ReceiveAny(_ => { });
        }

        private void Shut()
        {
            Receive<string>(text => text == "talk", _ =>
            {
                Become(Open);
                Stash.UnstashAll();
                Talk();
            });
            ReceiveAny(_ => Stash.Stash());
        }

        private void Talk()
        {
            var peer = Context.ActorSelection(PathOn(_random.Next(Nodes)));
            switch (_random.Next(8))
            {
                case 0: peer.Tell("fail"); break;
                case 1: peer.Tell("close"); break;
                case 2: peer.Ask<string>(_random.Next(), TimeSpan.FromSeconds(2)).PipeTo(Self, success: _ => "heard"); break;
                case 3: peer.Tell(new string('x', _random.Next(20_000))); break;
                case 4 when _children < 20:
                    Context.Watch(Context.ActorOf(Props.Create(() => new Child())));
                    _children++;
                    break;
                default: peer.Tell(_random.Next()); break;
            }
        }
    }

    private sealed class Child : ReceiveActor
    {
        public Child()
        {
            SetReceiveTimeout(TimeSpan.FromSeconds(1));
            Receive<ReceiveTimeout>(_ => Context.Stop(Self));
        }
    }
}
