using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;

namespace KvStore.Benchmarks.Actors;

/// <summary>
/// What a cluster costs in which nothing happens: five systems in this process, default intervals of gossip and heartbeats, all Up.
/// The bytes are those that the process handed to its sockets, without headers of TCP and IP.
/// </summary>
internal sealed record IdleCluster(TimeSpan Elapsed, TimeSpan Cpu, long Sent, long Allocated)
{
    private const int Nodes = 5;

    /// <summary>Intervals are seconds: shorter stretches than this would measure how many ticks happened to fall into them.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    internal static IdleCluster Measure(Plan plan)
    {
        using var sockets = new SocketCounters();
        var systems = Enumerable.Range(0, Nodes).Select(_ => ActorSystem.Create("idle", Settings())).ToArray();
        try
        {
            AwaitAllUp(systems);
            sockets.AwaitAfter(plan.WarmUp);
            using var process = Process.GetCurrentProcess();
            var (bytes, cpu, allocated, clock) =
                (sockets.BytesSent, process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
            sockets.AwaitAfter(plan.Length > Shortest ? plan.Length : Shortest);
            var elapsed = clock.Elapsed;
            process.Refresh();
            return new IdleCluster(elapsed, process.TotalProcessorTime - cpu, sockets.BytesSent - bytes,
                GC.GetTotalAllocatedBytes() - allocated);
        }
        finally
        {
            Task.WaitAll([.. systems.Select(system => system.Terminate())], TimeSpan.FromSeconds(20));
        }
    }

    internal JsonObject ToJson() => new()
    {
        ["name"] = "idle cluster",
        ["nodes"] = Nodes,
        ["seconds"] = Math.Round(Elapsed.TotalSeconds, 3),
        ["cpuMillisecondsPerSecond"] = Math.Round(Cpu.TotalMilliseconds / Elapsed.TotalSeconds, 2),
        ["bytesSentPerSecond"] = Math.Round(Sent / Elapsed.TotalSeconds),
        ["bytesSentPerNodeAndSecond"] = Math.Round(Sent / Elapsed.TotalSeconds / Nodes),
        ["bytesAllocatedPerSecond"] = Math.Round(Allocated / Elapsed.TotalSeconds),
    };

    internal string ToLine() => string.Create(CultureInfo.InvariantCulture,
        $"idle cluster of {Nodes}, all nodes, a second: {Cpu.TotalMilliseconds / Elapsed.TotalSeconds:0.0} ms CPU, "
        + $"{Sent / Elapsed.TotalSeconds:N0} bytes sent, {Allocated / Elapsed.TotalSeconds:N0} bytes allocated "
        + $"(over {Elapsed.TotalSeconds:0} s)\n");

    private static Config Settings() => ConfigurationFactory.ParseString("""
        akka {
          loglevel = ERROR
          stdout-loglevel = OFF
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster.downing-provider-class = "Akka.Cluster.NoDowning, Akka.Cluster"
        }
        """);

    private static void AwaitAllUp(ActorSystem[] systems)
    {
        var up = systems.Select(_ => new TaskCompletionSource()).ToArray();
        foreach (var (system, all) in systems.Zip(up))
        {
            var counter = system.ActorOf(Props.Create(() => new UpCounter(all)));
            Cluster.Get(system).Subscribe(counter, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
            Cluster.Get(system).Join(Cluster.Get(systems[0]).SelfAddress);
        }
        if (!Task.WaitAll([.. up.Select(all => all.Task)], Patience))
            throw new TimeoutException($"The {Nodes} nodes did not become a cluster within {Patience}.");
    }

    private sealed class UpCounter : ReceiveActor
    {
        private readonly HashSet<UniqueAddress> _up = [];

        public UpCounter(TaskCompletionSource all) => Receive<ClusterEvent.MemberUp>(happened =>
        {
            if (_up.Add(happened.Member.UniqueAddress) && _up.Count == Nodes)
                all.TrySetResult();
        });
    }
}
