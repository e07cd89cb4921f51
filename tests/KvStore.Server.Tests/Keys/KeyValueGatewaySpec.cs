using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Node.Settings;
using KvStore.Wire;

namespace KvStore.Server.Tests.Keys;

/// <summary>What a door makes of a coordinator's answers, the test being the coordinator.</summary>
public sealed class KeyValueGatewaySpec : TestKit
{
    private static readonly BucketKey Fruit = new(BucketName.Default, Key.Of("fruit"));

    [Theory]
    [InlineData(Refusal.Unreachable)]
    [InlineData(Refusal.StaleEpoch)]
    public async Task A_write_that_was_lost_on_its_way_is_asked_again_under_the_same_id(Refusal refusal)
    {
        var gateway = Gateway();
        var put = gateway.Put(Fruit, new byte[] { 1 });
        var asked = gateway.Ask(put, default);

        Answer(put, PutResult.Unknown, PutReason.Refused, refusal);
        Answer(put, PutResult.Done, PutReason.None, Refusal.None);
        Assert.Equal(PutResult.Done, Assert.IsType<ClientProtocol.PutDone>(await asked).Result);
    }

    [Fact]
    public async Task What_may_have_been_applied_at_first_is_not_called_undone_by_a_later_answer()
    {
        var gateway = Gateway();
        var put = gateway.Put(Fruit, new byte[] { 1 });
        var asked = gateway.Ask(put, default);

        Answer(put, PutResult.Unknown, PutReason.Refused, Refusal.StaleEpoch);
        ExpectMsg<ClientProtocol.Put>();
        LastSender.Tell(new ClientProtocol.Busy(put.Request));
        Assert.Equal(PutResult.Unknown, Assert.IsType<ClientProtocol.PutDone>(await asked).Result);
    }

    [Fact]
    public async Task It_is_asked_three_times_at_the_most()
    {
        var gateway = Gateway();
        var put = gateway.Put(Fruit, new byte[] { 1 });
        var asked = gateway.Ask(put, default);

        for (var i = 0; i < 3; i++) Answer(put, PutResult.NotDone, PutReason.Refused, Refusal.Unreachable);
        Assert.Equal(PutResult.NotDone, Assert.IsType<ClientProtocol.PutDone>(await asked).Result);
        ExpectNoMsg(0);
    }

    [Fact]
    public async Task A_write_that_failed_otherwise_is_not_asked_again()
    {
        var gateway = Gateway();
        var put = gateway.Put(Fruit, new byte[] { 1 });
        var asked = gateway.Ask(put, default);

        Answer(put, PutResult.Unknown, PutReason.Timeout, Refusal.None);
        Assert.Equal(PutResult.Unknown, Assert.IsType<ClientProtocol.PutDone>(await asked).Result);
        ExpectNoMsg(0);
    }

    private void Answer(ClientProtocol.Put put, PutResult result, PutReason reason, Refusal refusal)
    {
        Assert.Equal(put.Request, ExpectMsg<ClientProtocol.Put>().Request);
        LastSender.Tell(new ClientProtocol.PutDone(put.Request, result, reason, refusal, default, Dot: null));
    }

    private KeyValueGateway Gateway()
    {
        var config = ConfigurationFactory.ParseString("""
            kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
            kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
            """);
        return new KeyValueGateway(TestActor, NodeSettings.Read(config.WithFallback(ConfigurationFiles.Reference)));
    }
}
