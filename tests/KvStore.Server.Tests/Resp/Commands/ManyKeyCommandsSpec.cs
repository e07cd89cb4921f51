using System.Text;
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

namespace KvStore.Server.Tests.Resp.Commands;

/// <summary>Commands on many keys read no more at a time than has room; the coordinator of the test has the same value under every key.</summary>
public sealed class ManyKeyCommandsSpec : TestKit
{
    private static readonly NodeId Node = new(1, 1);
    private readonly DoorMetrics _metrics = new();
    private readonly Coordinator.Counts _counts = new();

    [Fact]
    public async Task The_values_of_many_keys_come_in_their_order_and_are_read_by_a_bounded_window()
    {
        var reply = Assert.IsType<RespReply.Array>(await Execute("MGET", keys: 200, valueBytes: 1000));
        Assert.Equal(200, reply.Items.Count);
        Assert.All(reply.Items, item => Assert.Equal(1000, Assert.IsType<RespReply.Bulk>(item).Bytes.Length));
        Assert.InRange(_counts.MostAtOnce, 2, 64);
    }

    [Fact]
    public async Task A_reply_larger_than_one_may_be_is_refused_before_all_is_read()
    {
        var refused = Assert.IsType<RespReply.Error>(await Execute("MGET", keys: 2000, valueBytes: 1024 * 1024));
        Assert.Equal("the values together have more than 67108864 bytes, and so much is not answered at once; nothing was changed. "
            + "Ask for fewer keys at a time.", refused.Text);
        Assert.InRange(_counts.Reads, 65, 130);
    }

    [Theory]
    [InlineData("EXISTS")]
    [InlineData("DEL")]
    public async Task Whoever_reads_to_decide_reads_by_a_bounded_window_too(string command)
    {
        Assert.Equal(new RespReply.Integer(200), await Execute(command, keys: 200, valueBytes: 1000));
        Assert.InRange(_counts.MostAtOnce, 2, 64);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _metrics.Dispose();
    }

    private async Task<RespReply> Execute(string command, int keys, int valueBytes)
    {
        var config = ConfigurationFactory.ParseString("""
            kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
            kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
            """);
        var settings = NodeSettings.Read(config.WithFallback(ConfigurationFiles.Reference));
        var ring = RingPlanner.Create(new ClusterId(1, 1), [RingMember.Of(Node, "10.0.0.1:4053")], 64, 1);
        var coordinator = Sys.ActorOf(Props.Create(() => new Coordinator(_counts, valueBytes)));
        var spaces = new KeySpaces(new KeyValueGateway(coordinator, settings), new BucketChanges(ActorRefs.Nobody), () => ring, _metrics);
        var door = new RespDoor(spaces, new RespConnections(max: 1, needsPassword: false), password: "", () => []);
        var names = Enumerable.Range(0, keys).Select(i => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes($"key {i}")).ToList();
        var request = new RespRequest(new RespSession(1, "test", needsPassword: false), BucketName.Default, command, names, default);
        return (await door.Commands.Find(command)!.Execute(request)).Reply;
    }

    /// <summary>Answers when nothing more has come: what is asked side by side is there together.</summary>
    private sealed class Coordinator : ReceiveActor
    {
        private readonly Queue<(IActorRef Asker, ClientProtocol.IClientRequest Request)> _open = [];

        public Coordinator(Counts counts, int valueBytes)
        {
            var dot = new Dot(Incarnation.Of(Node, 1, 1), 1);
            var state = SiblingSet.Of(VersionVector.Of(dot), [Sibling.OfValue(dot, new byte[valueBytes])]);
            Receive<ClientProtocol.IClientRequest>(request =>
            {
                _open.Enqueue((Sender, request));
                if (request is ClientProtocol.Get) counts.Reads++;
                counts.MostAtOnce = Math.Max(counts.MostAtOnce, _open.Count);
                Self.Tell(AnswerOne.Instance);
            });
            Receive<AnswerOne>(_ =>
            {
                var (asker, request) = _open.Dequeue();
                asker.Tell(request is ClientProtocol.Get get
                    ? new ClientProtocol.GetDone(get.Request, GetResult.Done, state, default)
                    : new ClientProtocol.PutDone(((ClientProtocol.Put)request).Request, PutResult.Done, PutReason.None, Refusal.None, default, dot));
            });
        }

        /// <summary>What it has seen; read when all is answered.</summary>
        public sealed class Counts
        {
            public int Reads { get; set; }

            public int MostAtOnce { get; set; }
        }

        private sealed class AnswerOne
        {
            public static readonly AnswerOne Instance = new();
        }
    }
}
