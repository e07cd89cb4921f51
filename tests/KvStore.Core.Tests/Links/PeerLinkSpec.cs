using KvStore.Core.Identity;
using KvStore.Core.Links;

namespace KvStore.Core.Tests.Links;

public sealed class PeerLinkSpec
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_question_on_an_idle_line_costs_two_messages_and_no_waiting()
    {
        var world = Started();
        var before = world.Traffic.Batches;
        for (var ask = 1; ask <= 20; ask++)
        {
            world.Left.Ask(ask, Budget);
            world.RunFor(TimeSpan.FromMilliseconds(10));
            Assert.Equal(["answered"], world.Left.Fates[ask]);
        }

        Assert.Equal(40, world.Traffic.Batches - before);
    }

    [Fact]
    public void The_more_is_asked_at_a_time_the_fewer_messages_each_question_costs()
    {
        double[] each = [.. new[] { 1, 4, 16, 64, 256 }.Select(MessagesPerQuestion)];
        Assert.Equal(2, each[0], 0.1);
        Assert.True(each.Zip(each.Skip(1)).All(pair => pair.Second < pair.First), string.Join(", ", each));
        Assert.True(each[^1] < 0.1, string.Join(", ", each));
    }

    [Fact]
    public void A_batch_is_bounded_in_bytes_and_in_number_and_a_large_message_holds_up_no_small_one()
    {
        var options = new LinkOptions { MaxBatchBytes = 10_000, MaxBatchItems = 50 };
        var world = Started(options);
        world.Left.Ask(1, Budget, padding: 1_000_000);
        for (var ask = 2; ask <= 501; ask++)
            world.Left.Ask(ask, Budget, padding: 100);
        world.RunFor(TimeSpan.FromMilliseconds(60));
        Assert.All(Enumerable.Range(2, 500), ask => Assert.Equal(["answered"], world.Left.Fates[ask]));
        world.RunFor(Second);
        Assert.Equal(["answered"], world.Left.Fates[1]);
        Assert.All(world.Left.Sent, batch => Assert.True(
            batch.Items.Length <= options.MaxBatchItems + 1 && batch.Items.Sum(item => item.Size) <= 2 * options.MaxBatchBytes + 100));
    }

    [Fact]
    public void Nothing_is_gathered_for_longer_than_allowed_though_no_acknowledgement_comes()
    {
        var world = Started();
        world.Right.Answers = false;
        for (var ask = 1; ask <= 10; ask++)
            world.Left.Ask(ask, Budget);
        world.Latency = TimeSpan.FromSeconds(3);
        world.RunFor(TimeSpan.FromMilliseconds(99));
        var gathered = world.Left.Sent.Sum(batch => batch.Items.Length);
        world.RunFor(TimeSpan.FromMilliseconds(2));
        Assert.Equal(10, world.Left.Sent.Sum(batch => batch.Items.Length));
        Assert.True(gathered <= 10);
    }

    [Fact]
    public void What_nobody_waits_for_any_more_is_dropped_by_the_receiver_and_counted()
    {
        var world = Started();
        world.Left.Ask(1, Budget);
        world.RunFor(Second);
        world.Latency = TimeSpan.FromSeconds(2);
        world.Left.Ask(2, TimeSpan.FromMilliseconds(500));
        world.Left.Ask(3, TimeSpan.FromSeconds(20));
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(world.Right.Heard, heard => heard.Ask == 2);
        Assert.Contains("expired 1", world.Right.Notices);
        Assert.Equal(["answered"], world.Left.Fates[3]);
        Assert.Equal(0, world.Left.Link.Asks);
    }

    [Fact]
    public void Past_the_credits_a_question_is_refused_at_once_and_answers_give_them_back()
    {
        var world = Started(new LinkOptions { MaxAsks = 8 });
        for (var ask = 1; ask <= 8; ask++)
            Assert.Equal(LinkAdmission.Taken, world.Left.Ask(ask, Budget));
        Assert.Equal(LinkAdmission.Busy, world.Left.Ask(9, Budget));
        world.RunFor(Second);
        Assert.Equal(LinkAdmission.Taken, world.Left.Ask(10, Budget));
        Assert.Equal(LinkAdmission.Busy, Started(new LinkOptions { MaxBytes = 1000 }).Left.Ask(1, Budget, padding: 1000));
    }

    [Fact]
    public void Questions_without_an_answer_give_their_credits_back_when_their_time_is_over()
    {
        var world = Started(new LinkOptions { MaxAsks = 8 });
        world.Right.Answers = false;
        for (var ask = 1; ask <= 8; ask++)
            world.Left.Ask(ask, Budget);
        world.RunFor(Budget - Second);
        Assert.Equal((8, 8), (world.Left.Link.Asks, world.Right.Link.Unanswered));
        world.RunFor(3 * Second);
        Assert.Equal((0, 0), (world.Left.Link.Asks, world.Right.Link.Unanswered));
    }

    [Fact]
    public void When_the_line_breaks_what_was_sent_is_lost_and_what_was_not_goes_out_on_the_next_one()
    {
        var world = Started(new LinkOptions { MaxInFlight = 1 });
        world.Left.Ask(1, Budget);
        world.RunFor(TimeSpan.Zero);
        world.Left.Ask(2, Budget);
        world.Cut();
        Assert.Equal(["lost"], world.Left.Fates[1]);
        Assert.Empty(world.Left.Fates[2]);
        world.RunFor(TimeSpan.FromMilliseconds(10));
        world.Mend();
        world.RunFor(2 * Second);
        Assert.Equal(["answered"], world.Left.Fates[2]);
    }

    [Fact]
    public void Nobody_waits_for_a_peer_that_does_not_greet_back()
    {
        var world = Started(new LinkOptions { MaxInFlight = 1 });
        world.Left.Ask(1, Budget);
        world.RunFor(TimeSpan.Zero);
        world.Left.Ask(2, Budget);
        world.Cut();
        world.RunFor(2 * Second);
        Assert.Equal(["undone"], world.Left.Fates[2]);
        Assert.Equal(LinkAdmission.Unreachable, world.Left.Ask(3, Budget));
        world.Mend();
        world.RunFor(2 * Second);
        Assert.Equal(LinkAdmission.Taken, world.Left.Ask(4, Budget));
    }

    [Fact]
    public void A_peer_that_starts_anew_is_met_anew_and_takes_nothing_meant_for_the_process_before()
    {
        var world = Started();
        world.Right.Answers = false;
        world.Left.Ask(1, Budget);
        world.Right.Start();
        world.RunFor(Second);
        world.Right.Answers = true;
        world.Left.Ask(2, Budget);
        world.RunFor(2 * Second);
        Assert.Equal(["lost"], world.Left.Fates[1]);
        Assert.Equal(["answered"], world.Left.Fates[2]);
        Assert.DoesNotContain(world.Right.Heard, heard => heard.Ask == 1);
    }

    [Fact]
    public void A_second_process_of_the_same_start_is_turned_away()
    {
        var world = Started();
        world.Right.Start(countUp: false);
        world.RunFor(3 * Second);
        Assert.False(world.Right.Link.IsOpen);
        Assert.Contains(world.Right.Notices, notice => notice.Contains("must not speak for it", StringComparison.Ordinal));
        Assert.True(world.Right.IsTurnedAway);
    }

    [Fact]
    public void A_node_that_has_lost_its_data_is_turned_away_however_often_it_starts()
    {
        var world = Started();
        world.Right.Wipe();
        for (var start = 1; start <= 3; start++)
        {
            world.Right.Start();
            world.RunFor(3 * Second);
            world.Left.Ask(start, Budget);
            world.RunFor(3 * Second);
            Assert.False(world.Right.Link.IsOpen || world.Left.Link.IsOpen);
        }

        Assert.True(world.Right.IsTurnedAway);
        Assert.Empty(world.Right.Heard);
        Assert.Contains(world.Right.Notices, notice => notice.Contains("was seen with other data", StringComparison.Ordinal));
    }

    [Fact]
    public void A_process_takes_no_heed_of_what_is_said_to_another_of_its_node()
    {
        var world = Started();
        world.Left.Do((link, _, effects) => link.OnUnwelcome(process: 1, isForGood: true, "of an earlier process", effects));
        Assert.True(world.Left.Link.IsOpen);
        Assert.False(world.Left.IsTurnedAway);
    }

    [Fact]
    public void Two_clusters_never_talk()
    {
        var world = new LinkWorld(1);
        world.Left.Start();
        world.Right.Start(cluster: new ClusterId(2, 2));
        world.RunFor(3 * Second);
        Assert.False(world.Left.Link.IsOpen || world.Right.Link.IsOpen);
        Assert.Equal(LinkAdmission.Unreachable, world.Left.Ask(1, Budget));
    }

    /// <summary>Whatever happens to the line and to the peer: each question has one end, its own answer or none.</summary>
    [Fact]
    public void Each_question_ends_once_with_its_own_answer_and_none_is_heard_after_its_time_or_when_called_undone()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var world = new LinkWorld(seed, new LinkOptions { MaxBatchBytes = 4_000, MaxAsks = 200, MaxBytes = 100_000 });
            world.Left.Start();
            world.Right.Start();
            RunFaults(world);
            foreach (var (asker, hearer) in new[] { (world.Left, world.Right), (world.Right, world.Left) })
            {
                Assert.All(asker.Fates, fate => Assert.True(
                    fate.Value is [] or ["answered"] or ["lost"] or ["undone"] or ["overload"] or ["Busy"] or ["Unreachable"],
                    $"seed {seed}: {fate.Key}: {string.Join(", ", fate.Value)}"));
                var heard = hearer.Heard.Select(question => question.Ask).ToList();
                Assert.Equal(heard.Distinct().Count(), heard.Count);
                Assert.DoesNotContain(heard, ask => asker.Fates[ask] is ["undone"] or ["Busy"] or ["Unreachable"]);
                Assert.Equal(0, asker.Link.Asks);
                Assert.Equal(0, asker.Link.Unanswered);
            }
        }
    }

    private static void RunFaults(LinkWorld world)
    {
        for (long round = 0; round < 300; round++)
        {
            var asker = world.Next(2) == 0 ? world.Left : world.Right;
            asker.Ask(round, TimeSpan.FromMilliseconds(10 + world.Next(3_000)), world.Next(20) == 0 ? world.Next(20_000) : 0);
            world.Latency = TimeSpan.FromMilliseconds(1 + world.Next(world.Next(50) == 0 ? 2_000 : 10));
            if (world.Next(30) == 0)
                world.Cut();
            if (world.IsCut && world.Next(4) == 0)
                world.Mend();
            if (world.Next(60) == 0)
                asker.Start();
            if (world.Next(3) == 0)
                world.RunFor(TimeSpan.FromMilliseconds(world.Next(300)));
        }

        world.Mend();
        world.RunFor(TimeSpan.FromMinutes(2));
    }

    private static double MessagesPerQuestion(int atATime)
    {
        var world = Started();
        var (before, asked) = (world.Traffic.Batches, 0L);
        for (var round = 0; round < 200; round++)
        {
            while (world.Left.Link.Asks < atATime)
                world.Left.Ask(++asked, Budget);
            world.RunFor(TimeSpan.FromMilliseconds(1));
        }

        return (world.Traffic.Batches - before) / (double)asked;
    }

    private static LinkWorld Started(LinkOptions? options = null)
    {
        var world = new LinkWorld(1, options);
        world.Left.Start();
        world.Right.Start();
        world.RunFor(Second);
        Assert.True(world.Left.Link.IsOpen && world.Right.Link.IsOpen);
        return world;
    }
}
