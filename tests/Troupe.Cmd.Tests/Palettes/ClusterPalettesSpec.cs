using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Petabridge.Cmd;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Remote;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Troupe.Cmd.Tests.Palettes;

/// <summary>The palettes about the cluster, in a cluster of one, as their handlers answer.</summary>
public sealed class ClusterPalettesSpec() : Akka.TestKit.Xunit2.TestKit(ConfigurationFactory.ParseString(Settings), "palettes")
{
    private const string Settings = """
        akka {
          loglevel = WARNING, log-dead-letters = off
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster { roles = [store, web], app-version = "1.2.3", sharding.state-store-mode = ddata }
          cluster.downing-provider-class = "Akka.Cluster.NoDowning, Akka.Cluster"
        }
        """;

    private AkkaCluster Members => AkkaCluster.Get(Sys);

    private string Self => Members.SelfAddress.ToString();

    [Fact]
    public async Task The_cluster_is_shown_a_member_a_line()
    {
        await Joined();
        var line = $"{Self} | [store,web] | up |  | 1.2.3";
        Assert.Equal([line, "Count: 1 nodes", ""], Ask(ClusterCommands.Instance, "show"));
        Assert.Equal(["Count: 0 nodes", ""], Ask(ClusterCommands.Instance, "show", "-r", "other"));
        Assert.Equal([line, "Count: 1 nodes", ""], Ask(ClusterCommands.Instance, "show", "-s", "UP"));
        Assert.Equal([line], Ask(ClusterCommands.Instance, "status"));
        Assert.Equal([Self], Ask(ClusterCommands.Instance, "leader"));
    }

    [Fact]
    public async Task Nobody_is_given_up_who_is_no_member_or_can_be_reached()
    {
        await Joined();
        Assert.Equal(["Count: 0 nodes", ""], Ask(ClusterCommands.Instance, "down-unreachable"));
        Assert.Equal(["!akka.tcp://palettes@127.0.0.1:1 is no member. Nothing was done; 'cluster show' has the addresses."],
            Ask(ClusterCommands.Instance, "down", "-a", "akka.tcp://palettes@127.0.0.1:1"));
        Assert.Equal([$"!'here' is no address such as {Self}. Nothing was done; 'cluster show' has the addresses."],
            Ask(ClusterCommands.Instance, "leave", "-a", "here"));
        Assert.Equal(MemberStatus.Up, Members.SelfMember.Status);
    }

    [Fact]
    public async Task Regions_are_listed_and_their_shards_counted()
    {
        await Joined();
        var region = await ClusterSharding.Get(Sys).StartAsync(
            "user", Props.Create(() => new Entity()), ClusterShardingSettings.Create(Sys), new Extractor());
        Assert.Equal("served", await region.Ask<string>("one", TimeSpan.FromSeconds(20)));
        Assert.Equal(["user", "Count: 1 regions", ""], Ask(ClusterShardingCommands.Instance, "list-regions"));
        Assert.Equal([$"{Self} | [store,web] | up |  | 1.2.3 [coordinator](user) | shards: 1 | entities: 1", ""],
            Ask(ClusterShardingCommands.Instance, "region-stats", "-r", "user"));
        Assert.Equal(["!This node has no region 'users'. Nothing was done; 'cluster-sharding list-regions' has those that there are."],
            Ask(ClusterShardingCommands.Instance, "region-stats", "-r", "users"));
    }

    [Fact]
    public async Task Lines_to_others_are_shown_and_followed()
    {
        PetabridgeCmd.Get(Sys).RegisterCommandPalette(RemoteCommands.Instance);
        Assert.Equal(["Count: 0 lines"], Ask(RemoteCommands.Instance, "show"));

        var following = CreateTestProbe();
        var handler = Sys.ActorOf(RemoteCommands.Instance.HandlerProps);
        following.Send(handler, new Command("remote", "tail", []));
        var other = ActorSystem.Create("other", ConfigurationFactory.ParseString(Settings));
        try
        {
            var address = AkkaCluster.Get(other).SelfAddress;
            AwaitAssert(
                () =>
                {
                    Sys.ActorSelection(new RootActorPath(address) / "user").Tell(new Identify("there"), following.Ref);
                    Assert.Contains($"{address} | to | open", Ask(RemoteCommands.Instance, "show"));
                },
                TimeSpan.FromSeconds(20));
            var heard = following.FishForMessage<CommandResponse>(
                response => response.Msg == $"{address} | to | open", TimeSpan.FromSeconds(10));
            Assert.False(heard.Final);
        }
        finally
        {
            await other.Terminate();
        }
    }

    /// <summary>The whole answer; an error begins with '!'.</summary>
    private List<string> Ask(CommandPaletteHandler palette, string command, string @switch = "", string value = "")
    {
        var asking = CreateTestProbe();
        var arguments = @switch.Length == 0 ? [] : new[] { Tuple.Create(@switch, value) };
        asking.Send(Sys.ActorOf(palette.HandlerProps), new Command(palette.Palette.ModuleName, command, arguments));
        var lines = new List<string>();
        while (true)
        {
            IEnumerable<CommandResponse> said = asking.ExpectMsg<object>(TimeSpan.FromSeconds(20)) switch
            {
                CommandResponse one => [one],
                IEnumerable<CommandResponse> many => many,
                var other => throw new InvalidOperationException($"{other} is no answer"),
            };
            foreach (var response in said)
            {
                lines.Add(response is ErroredCommandResponse ? $"!{response.Msg}" : response.Msg);
                if (response.Final) return lines;
            }
        }
    }

    private Task Joined()
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Members.RegisterOnMemberUp(up.SetResult);
        Members.Join(Members.SelfAddress);
        return up.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private sealed class Entity : ReceiveActor
    {
        public Entity() => ReceiveAny(_ => Sender.Tell("served"));
    }

    private sealed class Extractor() : HashCodeMessageExtractor(10)
    {
        public override string EntityId(object message) => "one";
    }
}
