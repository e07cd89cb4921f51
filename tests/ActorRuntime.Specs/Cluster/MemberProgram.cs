using System.Globalization;
using Akka.Actor;
using Akka.Cluster;

namespace ActorRuntime.Specs.Clustering;

/// <summary>
/// A process that is one member. It joins by the seed nodes on its command line, or itself when there are none. It says first
/// `listening PORT UID` and then one line for each event: `NAME PORT UID`. Its input takes `leave` and `down PORT`; when the input
/// ends, so does the process: it cannot outlive who started it.
/// </summary>
internal static class MemberProgram
{
    internal const string Command = "member";

    internal static async Task<int> Run(string port, string[] seeds)
    {
        var node = ClusterNode.Start(port: int.Parse(port, CultureInfo.InvariantCulture));
        Print("listening", node.Cluster.SelfUniqueAddress);
        node.Cluster.Subscribe(node.System.ActorOf(Props.Create(() => new Printer())), ClusterEvent.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        node.Cluster.JoinSeedNodes(seeds.DefaultIfEmpty(Text(node.Address.Port)).Select(seed => AddressOf(node, seed)));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["leave"]:
                    await CoordinatedShutdown.Get(node.System).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
                    return 0;
                case ["down", var who]:
                    node.Cluster.Down(AddressOf(node, who));
                    break;
            }
        }
        return 1;
    }

    private static Address AddressOf(ClusterNode node, string port) =>
        node.Address.WithPort(int.Parse(port, CultureInfo.InvariantCulture));

    private static void Print(string happened, UniqueAddress about) =>
        Console.WriteLine($"{happened} {Text(about.Address.Port)} {Text(about.Uid)}");

    private static string Text(int? number) => number!.Value.ToString(CultureInfo.InvariantCulture);

    private sealed class Printer : ReceiveActor
    {
        public Printer()
        {
            Receive<ClusterEvent.IMemberEvent>(happened => Print(happened.GetType().Name, happened.Member.UniqueAddress));
            Receive<ClusterEvent.ReachabilityEvent>(happened => Print(happened.GetType().Name, happened.Member.UniqueAddress));
        }
    }
}
