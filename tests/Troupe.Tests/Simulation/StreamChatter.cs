using Troupe.Platform;
using Troupe.Simulation;

namespace Troupe.Tests.Simulation;

/// <summary>Five nodes that connect to each other, echo what they hear, and suffer every fault for two virtual minutes.</summary>
internal sealed class StreamChatter
{
    private const int Port = 4053;

    private readonly World _world;
    private readonly List<SimulatedNode> _nodes = [];

    private StreamChatter(World world) => _world = world;

    public static ulong Run(SimulationOptions options)
    {
        using var world = new World(options);
        var chatter = new StreamChatter(world);
        for (var i = 0; i < 5; i++) chatter.Start(world.AddNode($"n{i}"));
        for (var i = 0; i < 60; i++)
        {
            chatter.Disturb();
            world.RunFor(TimeSpan.FromSeconds(2));
        }
        return world.TraceHash;
    }

    private void Start(SimulatedNode node)
    {
        if (!_nodes.Contains(node)) _nodes.Add(node);
        var seams = node.CreateSeams();
        seams.Network.Listen(node.Host, Port, new StreamOptions(), c => new Echo(seams, c), (_, _) => { });
        Talk(seams);
    }

    private void Talk(Seams seams)
    {
        var peer = _nodes[seams.Entropy.Next(_nodes.Count)];
        seams.Network.Connect(peer.Name, Port, new StreamOptions(), TimeSpan.FromSeconds(5), c =>
        {
            var echo = new Echo(seams, c);
            echo.Say(seams.Entropy.NextInt64());
            return echo;
        }, _ => { });
        seams.Timers.Schedule(TimeSpan.FromMilliseconds(1 + seams.Entropy.Next(3000)), _ => Talk(seams), null);
    }

    private void Disturb()
    {
        var random = _world.Random;
        var (one, other) = (_nodes[random.Next(5)], _nodes[random.Next(5)]);
        switch (random.Next(9))
        {
            case 0: _world.Network.Cut(one, other); break;
            case 1: _world.Network.Isolate(one); break;
            case 2: _world.Network.Clog(one, other, TimeSpan.FromSeconds(3)); break;
            case 3: _world.Network.ResetConnections(one, other); break;
            case 4: one.Crash(random.Chance(0.5) ? CrashKind.Reset : CrashKind.Silent); break;
            case 5: one.Pause(); break;
            case 6: _world.Network.SetLink(one, other, new LinkOptions { BytesPerSecond = 50 }); break;
            default: Recover(); break;
        }
    }

    private void Recover()
    {
        _world.Network.HealAll();
        foreach (var node in _nodes)
        {
            node.Resume();
            if (node.IsUp) continue;
            node.Restart();
            Start(node);
        }
    }

    private sealed class Echo(Seams seams, IConnection connection) : IConnectionHandler
    {
        private bool _writing;

        public void OnReceived(ReadOnlySpan<byte> bytes)
        {
            if (seams.Entropy.Next(20) == 0) connection.Close();
            else if (!_writing) Write(bytes.ToArray());
        }

        public void OnClosed(Exception? cause)
        {
        }

        public void Say(long word) => Write(BitConverter.GetBytes(word));

        private void Write(byte[] bytes)
        {
            _writing = true;
            connection.Write(bytes, _ => _writing = false);
        }
    }
}
