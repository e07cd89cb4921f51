using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Settings;
using KvStore.Server.Keys;
using KvStore.Server.Resp;
using KvStore.Wire;

namespace KvStore.Server.Tests.Keys;

/// <summary>What a client is told to do when nobody knows whether its write was applied: the coordinator of this test knows of no write.</summary>
public sealed class ProblemsSpec : TestKit
{
    private const string Again = "the write may or may not be applied, writing it again is safe";
    private const string Look = "the write may or may not be applied: read the key to find out";
    private readonly DoorMetrics _metrics = new();

    [Theory]
    [InlineData("SET k v", Again)]
    [InlineData("SET k v EX 10", Again)]
    [InlineData("MSET k v", Again)]
    [InlineData("DEL k", Again)]
    [InlineData("KV.PUT k v CONTEXT AQAB", Again)]
    [InlineData("KV.DEL k", Again)]
    [InlineData("KV.PUT k v", Look)]
    [InlineData("INCR k", Look)]
    [InlineData("DECR k", Look)]
    [InlineData("APPEND k 1", Look)]
    [InlineData("GETSET k v", Look)]
    [InlineData("GETDEL k", Look)]
    [InlineData("SET k v XX", Look)]
    [InlineData("SETNX absent v", Look)]
    public async Task Only_a_write_that_comes_to_the_same_twice_is_called_safe_to_write_again(string command, string words)
    {
        var config = ConfigurationFactory.ParseString("""
            kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
            kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
            """);
        var settings = NodeSettings.Read(config.WithFallback(ConfigurationFiles.Reference));
        var ring = RingPlanner.Create(new ClusterId(1, 1), [RingMember.Of(new NodeId(1, 1), "10.0.0.1:4053")], 64, 1);
        var coordinator = Sys.ActorOf(Props.Create(() => new Coordinator()));
        var spaces = new KeySpaces(new KeyValueGateway(coordinator, settings), new BucketChanges(ActorRefs.Nobody), () => ring, _metrics);
        var door = new RespDoor(spaces, new RespConnections(max: 1, needsPassword: false), password: "", () => []);
        var parts = command.Split(' ').Select(part => (ReadOnlyMemory<byte>)System.Text.Encoding.ASCII.GetBytes(part)).ToList();
        var request = new RespRequest(new RespSession(1, "test", needsPassword: false), BucketName.Default, command.Split(' ')[0], parts[1..], default);

        var error = Assert.IsType<RespReply.Error>((await door.Commands.Find(request.Name)!.Execute(request)).Reply);

        Assert.Equal("UNKNOWN", error.Code);
        Assert.EndsWith(words, error.Text, StringComparison.Ordinal);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _metrics.Dispose();
    }

    /// <summary>Finds a number under every key but one, and never hears from enough replicas of a write.</summary>
    private sealed class Coordinator : ReceiveActor
    {
        public Coordinator()
        {
            var dot = new Dot(Incarnation.Of(new NodeId(1, 1), 1, 1), 1);
            var state = SiblingSet.Of(VersionVector.Of(dot), [Sibling.OfValue(dot, "7"u8.ToArray())]);
            Receive<ClientProtocol.Get>(get => Sender.Tell(new ClientProtocol.GetDone(
                get.Request, GetResult.Done, get.Key.Key == Key.Of("absent") ? SiblingSet.Empty : state, default)));
            Receive<ClientProtocol.Put>(put => Sender.Tell(new ClientProtocol.PutDone(
                put.Request, PutResult.Unknown, PutReason.Timeout, Refusal.None, default, dot)));
        }
    }
}
