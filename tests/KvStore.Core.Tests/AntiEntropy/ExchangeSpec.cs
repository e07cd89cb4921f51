using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using Xunit.Abstractions;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.AntiEntropy;

public sealed class ExchangeSpec(ITestOutputHelper output)
{
    /// <summary>What a partition of a million keys over 256 partitions holds.</summary>
    private const int Keys = 4_000;

    /// <summary>More than a tree of 16 leaves is for; with KV_TEST_LONG=1 as many as one partition may come to have.</summary>
    private static readonly int Many = Environment.GetEnvironmentVariable("KV_TEST_LONG") == "1" ? 1_200_000 : 200_000;

    [Fact]
    public void Identical_replicas_cost_under_a_kilobyte_and_raise_the_watermarks()
    {
        var run = Filled();
        run.Run();
        Assert.Equal(ExchangeEnd.Complete, run.Ended!.Outcome);
        Assert.True(run.WatermarksRaised);
        Assert.InRange(run.Bytes, 1, 1_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public void The_cost_grows_with_the_difference_and_not_with_the_data(int different)
    {
        var run = Filled();
        for (var i = 0; i < different; i++)
            run.PutResponder(ExchangePairRun.KeyOf(i * (Keys / different)), Single(B, (ulong)i + 1));
        run.Run();
        output.WriteLine($"{different} of {Keys} keys: {run.Messages} messages, {run.Bytes} bytes");
        Assert.True(run.AreEqual);
        Assert.Equal(ExchangeEnd.Complete, run.Ended!.Outcome);
        Assert.InRange(run.Bytes, 1, 4_000 + different * 2_500);
    }

    [Fact]
    public void Both_sides_get_what_only_the_other_has()
    {
        var run = Filled();
        run.PutInitiator(ExchangePairRun.KeyOf(Keys + 1), Single(A, 9));
        run.PutResponder(ExchangePairRun.KeyOf(Keys + 2), Single(B, 9));
        run.PutInitiator(ExchangePairRun.KeyOf(1), Single(A, 7));
        run.PutResponder(ExchangePairRun.KeyOf(1), Single(B, 7));
        run.Run();
        Assert.True(run.AreEqual);
        Assert.Equal(Keys + 2, run.KeysAtInitiator);
    }

    [Fact]
    public void A_write_that_was_only_under_way_is_not_sent_again()
    {
        var run = Filled();
        run.PutResponder(ExchangePairRun.KeyOf(5), Single(B, 1));
        run.Run(beforeSecondLook: () => run.PutInitiator(ExchangePairRun.KeyOf(5), Single(B, 1)));
        Assert.Equal((0L, 0L), (run.Ended!.KeysSent, run.Ended.KeysReceived));
        Assert.True(run.WatermarksRaised);
    }

    [Fact]
    public void An_answer_that_comes_twice_is_taken_once()
    {
        var (effects, tree) = (new List<ExchangeEffect>(), new HashTree(1));
        tree.Update(default, 0, 1);
        var vouched = new Vouched(VersionVector.Empty, VersionVector.Empty);
        var session = new ExchangeSession(RingEpoch.First, tree, vouched, new ExchangeOptions());
        session.Start(effects);
        session.OnMessage(new ExchangeMessage.Opened(1, 0, vouched) { Step = 1 }, effects);
        var sums = new ExchangeMessage.Sums(0, [0], new ulong[HashTree.Fanout]) { Step = 2 };
        session.OnMessage(sums, effects);
        session.OnMessage(sums, effects);
        Assert.Single(effects.OfType<ExchangeEffect.StartSecondLook>());
        session.OnSecondLook(effects);
        session.OnSecondLook(effects);
        Assert.Equal(2, effects.OfType<ExchangeEffect.Send>().Count(send => send.Message is ExchangeMessage.GetSums));
    }

    [Fact]
    public void A_tree_that_is_replaced_ends_the_exchange_and_raises_nothing()
    {
        var (effects, tree) = (new List<ExchangeEffect>(), new HashTree(1));
        var vouched = new Vouched(VersionVector.Empty, VersionVector.Empty);
        var session = new ExchangeSession(RingEpoch.First, tree, vouched, new ExchangeOptions());
        session.Start(effects);
        tree.Retire();
        session.OnMessage(new ExchangeMessage.Opened(1, 0, vouched) { Step = 1 }, effects);
        Assert.Equal(ExchangeEnd.TreeIncomplete, Assert.Single(effects.OfType<ExchangeEffect.End>()).Outcome);
        Assert.DoesNotContain(effects, effect => effect is ExchangeEffect.RaiseWatermarks);
    }

    [Fact]
    public void Another_epoch_than_the_confirmed_one_is_declined()
    {
        var effects = new List<ExchangeEffect>();
        var vouched = new Vouched(VersionVector.Empty, VersionVector.Empty);
        var responder = new ExchangeResponder(new HashTree(1), () => vouched, new RingEpoch(1, 2), 1, new ExchangeOptions());
        responder.OnMessage(new ExchangeMessage.Open(new RingEpoch(1, 3), 1, 0, vouched) { Step = 1 }, effects);
        var declined = Assert.IsType<ExchangeMessage.Declined>(Assert.IsType<ExchangeEffect.Send>(effects[0]).Message);
        Assert.Equal(ExchangeEnd.StaleEpoch, declined.Reason);
        Assert.Equal(new ExchangeEffect.End(ExchangeEnd.StaleEpoch, 0, 0), Assert.Single(effects.Skip(1)));
    }

    /// <summary>A replica that is nearly empty has a tree of 16 leaves: of the other's keys each has more than a message takes.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(0, true)]
    [InlineData(3, true)]
    public void A_replica_with_hardly_a_key_and_one_with_many_come_together_in_messages_of_bounded_size(int few, bool begins)
    {
        var run = new ExchangePairRun();
        run.Rebuild(HashTree.DepthFor(begins ? few : Many), HashTree.DepthFor(begins ? Many : few));
        for (var i = 0; i < few; i++)
            Put(i * (Many / few), A, begins);
        for (var i = 0; i < Many; i++)
            Put(i, B, !begins);
        run.Run();
        output.WriteLine($"{few} and {Many} keys: {run.Messages} messages, {run.Bytes} bytes, {run.LargestList} in a list");
        Assert.Equal(ExchangeEnd.Complete, run.Ended!.Outcome);
        Assert.True(run.AreEqual && run.WatermarksRaised);
        Assert.Equal(Many, run.KeysAtInitiator);
        Assert.InRange(run.LargestList, 1, new ExchangeOptions().KeysPerMessage);

        void Put(int number, NodeId by, bool atInitiator)
        {
            var state = Single(by, (ulong)number + 1);
            if (atInitiator)
                run.PutInitiator(ExchangePairRun.KeyOf(number), state);
            else
                run.PutResponder(ExchangePairRun.KeyOf(number), state);
        }
    }

    [Fact]
    public void A_leaf_with_any_number_of_keys_is_compared_in_pieces_and_only_the_difference_is_sent()
    {
        var run = new ExchangePairRun();
        run.Rebuild(1);
        for (var i = 0; i < Many; i++)
            run.PutBoth(ExchangePairRun.KeyOf(i), Single(A, (ulong)i + 1));
        foreach (var i in new[] { 0, Many / 2, Many - 1 })
            run.PutResponder(ExchangePairRun.KeyOf(i), Single(B, (ulong)i + 1));
        run.PutInitiator(ExchangePairRun.KeyOf(Many), Single(A, (ulong)Many + 1));
        run.Run();
        Assert.True(run.AreEqual && run.WatermarksRaised);
        Assert.Equal(4, run.Ended!.KeysSent);
        Assert.InRange(run.LargestList, 1, new ExchangeOptions().KeysPerMessage);
    }

    /// <summary>32 states of a mebibyte are more than the queue of a line takes: such a message would be dropped each time.</summary>
    [Fact]
    public void Large_states_are_sent_few_at_a_time_whichever_side_has_them()
    {
        const int large = 300 << 10;
        var run = new ExchangePairRun();
        for (var i = 0; i < 40; i++)
        {
            run.PutInitiator(ExchangePairRun.KeyOf(3 * i), Large(A, i, large));
            run.PutResponder(ExchangePairRun.KeyOf(3 * i + 1), Large(B, i, large));
            run.PutInitiator(ExchangePairRun.KeyOf(3 * i + 2), Single(A, 1_000 + (ulong)i));
            run.PutResponder(ExchangePairRun.KeyOf(3 * i + 2), Large(B, 1_000 + i, large));
        }

        run.PutInitiator(ExchangePairRun.KeyOf(1_000), Large(A, 5_000, 3 << 20));
        run.PutResponder(ExchangePairRun.KeyOf(1_001), Large(B, 5_001, 3 << 20));
        run.Run();
        Assert.Equal(ExchangeEnd.Complete, run.Ended!.Outcome);
        Assert.True(run.AreEqual && run.WatermarksRaised);
        Assert.Equal(122, run.KeysAtInitiator);
        Assert.InRange(run.LargestStates, 3 << 20, (3 << 20) + 1_000);
        Assert.InRange(run.LargestOfMany, large, new ExchangeOptions().BytesPerMessage);
    }

    [Fact]
    public void An_answer_that_brings_nothing_and_promises_more_ends_the_exchange()
    {
        var (effects, tree) = (new List<ExchangeEffect>(), new HashTree(1));
        var vouched = new Vouched(VersionVector.Empty, VersionVector.Empty);
        var session = new ExchangeSession(RingEpoch.First, tree, vouched, new ExchangeOptions());
        OpenOneLeaf(session, vouched, effects);
        session.OnListed([], effects);
        var theirs = new KeyHash(ExchangePairRun.KeyOf(1), 5);
        session.OnMessage(new ExchangeMessage.Listed([theirs], [], null) { Step = 4 }, effects);
        session.OnMessage(new ExchangeMessage.Pulled([], [theirs.Key]) { Step = 5 }, effects);
        Assert.Equal(ExchangeEnd.Failed, Assert.IsType<ExchangeEffect.End>(effects[^1]).Outcome);
    }

    [Fact]
    public void A_listing_that_does_not_go_on_ends_the_exchange()
    {
        var (effects, tree) = (new List<ExchangeEffect>(), new HashTree(1));
        var vouched = new Vouched(VersionVector.Empty, VersionVector.Empty);
        var session = new ExchangeSession(RingEpoch.First, tree, vouched, new ExchangeOptions { KeysPerMessage = 1 });
        OpenOneLeaf(session, vouched, effects);
        session.OnListed([], effects);
        var first = new KeyHash(ExchangePairRun.KeyOf(1), 5);
        session.OnMessage(new ExchangeMessage.Listed([], [], first.Key) { Step = 4 }, effects);
        Assert.Equal(first.Key, Assert.IsType<ExchangeEffect.ListKeys>(effects[^1]).Range.After);
        session.OnListed([], effects);
        session.OnMessage(new ExchangeMessage.Listed([], [], first.Key) { Step = 5 }, effects);
        Assert.Equal(ExchangeEnd.Failed, Assert.IsType<ExchangeEffect.End>(effects[^1]).Outcome);
    }

    /// <summary>The trees differ in one leaf, whose keys are to be listed next.</summary>
    private static void OpenOneLeaf(ExchangeSession session, Vouched vouched, List<ExchangeEffect> effects)
    {
        var sums = new ulong[HashTree.Fanout];
        sums[0] = 5;
        session.Start(effects);
        session.OnMessage(new ExchangeMessage.Opened(1, 5, vouched) { Step = 1 }, effects);
        session.OnMessage(new ExchangeMessage.Sums(0, [0], sums) { Step = 2 }, effects);
        session.OnSecondLook(effects);
        session.OnMessage(new ExchangeMessage.Sums(0, [0], sums) { Step = 3 }, effects);
    }

    private static SiblingSet Large(NodeId by, int number, int size) => SiblingSet.Empty.Update(
        VersionVector.Empty, Sibling.OfValue(new Dot(Incarnation.Of(by, 1, 1), (ulong)number + 1), new byte[size]));

    private static ExchangePairRun Filled()
    {
        var run = new ExchangePairRun();
        run.Rebuild(HashTree.DepthFor(Keys));
        for (var i = 0; i < Keys; i++)
            run.PutBoth(ExchangePairRun.KeyOf(i), Single(A, (ulong)i + 1));
        return run;
    }
}
