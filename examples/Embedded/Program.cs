using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using KvStore.Client;
using KvStore.Core.Identity;
using KvStore.Node;

// Embedded PORT PORT PORT   three actor systems of one application, in one process for the show: each has the store inside.
if (args.Length != 3)
{
    Console.Error.WriteLine("usage: Embedded PORT PORT PORT");
    return 2;
}

var ports = args.Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToArray();
var folder = Directory.CreateTempSubdirectory("kv-embedded-").FullName;
var systems = Enumerable.Range(0, 3).Select(StartSystem).ToArray();

// The cluster is the application's: it decides who joins and who is given up.
var cluster = Cluster.Get(systems[0]);
foreach (var system in systems) Cluster.Get(system).Join(cluster.SelfAddress);

// The store starts when it is first asked for; here it is a new one, so that its nodes wait for each other.
var nodes = await Task.WhenAll(systems.Select(system => Kv.Get(system).Started));
Console.WriteLine($"the store has {nodes[0].Ring.Members.Length} nodes");

await using (var client = await KvClient.ConnectAsync(systems[0], [$"127.0.0.1:{ports[0]}"], new KvClientOptions { ClusterName = "shop" }))
{
    await client.OverwriteAsync("fruit", "apple");
    Console.WriteLine($"fruit is {(await client.GetAsync("fruit")).Text}");

    // The application gives up a member. Its data is on the other two; who owns what changes by an operator's word alone.
    cluster.Down(Cluster.Get(systems[2]).SelfAddress);
    await systems[2].WhenTerminated;
    using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
    while (cluster.State.Members.Count > 2) await pace.WaitForNextTickAsync();
    Console.WriteLine($"the cluster has {cluster.State.Members.Count} members, the store's ring {nodes[0].Ring.Members.Length}");
    Console.WriteLine($"fruit is {(await client.GetAsync("fruit")).Text}");
}

foreach (var system in systems) await system.Terminate();
Directory.Delete(folder, recursive: true);
return 0;

ActorSystem StartSystem(int number)
{
    var founders = ports.Select((port, i) => $"\"{IdOf(i)}@127.0.0.1:{port}\"");
    var config = ConfigurationFactory.ParseString(
        $$"""
        kv-store {
          node.id = "{{IdOf(number)}}"
          cluster { members = [{{string.Join(", ", founders)}}], partitions = 64 }
          storage.directory = "{{Path.Combine(folder, $"{number}")}}"
        }
        akka {
          loglevel = ERROR
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{ports[number]}} }
          cluster.downing-provider-class = "Akka.Cluster.NoDowning, Akka.Cluster"
        }
        """).WithFallback(Kv.DefaultConfig());
    var store = new KvSetup { Startup = new NodeStartup(IdOf(number)) { Init = true, JoinsByItself = false } };
    return ActorSystem.Create("shop", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), store));
}

static NodeId IdOf(int number) => new(1, (ulong)number + 1);
