using KvStore.Core.Identity;
using KvStore.Core.Links;
using KvStore.Core.Membership;

namespace KvStore.Core.Tests.Membership;

public sealed class GossipSpec
{
    private static readonly GossipOptions Options = new();

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public void Everybody_knows_everybody_after_a_few_rounds(int nodes)
    {
        var world = new GossipWorld(nodes, seed: 1, loss: 0.01);
        world.RunUntil(TimeSpan.FromSeconds(6));
        Assert.All(world.Tables.Values, table => Assert.Equal(nodes, table.Heartbeats.Count()));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public void A_dead_node_is_suspected_by_all_and_nobody_else_is(int nodes)
    {
        var world = new GossipWorld(nodes, seed: 2, loss: 0.01);
        world.RunUntil(TimeSpan.FromSeconds(30));
        Assert.Equal(0, world.FalseSuspicions());
        var victim = world.Nodes.First();
        world.Kill(victim);
        world.RunUntil(TimeSpan.FromSeconds(45));
        Assert.Equal(nodes - 1, world.Suspecting(victim));
        Assert.Equal(0, world.FalseSuspicions());
    }

    [Fact]
    public void A_restarted_node_is_heard_under_its_new_start_and_its_old_beats_are_not()
    {
        var table = Table();
        var effects = new List<GossipEffect>();
        Hear(table, Beat(start: 1, count: 900), effects);
        Hear(table, Beat(start: 2, count: 1), effects);
        Hear(table, Beat(start: 1, count: 901), effects);
        Assert.Equal([1u, 2u], effects.OfType<GossipEffect.PeerStarted>().Select(started => started.Start));
        Assert.Equal(2u, table.Heartbeats.Single(heard => heard.Node == new NodeId(0, 2)).Start);
    }

    [Fact]
    public void A_broken_connection_puts_a_peer_out_of_reach_until_it_answers()
    {
        var table = Table();
        var effects = new List<GossipEffect>();
        var peer = new NodeId(0, 2);
        Hear(table, Beat(start: 1, count: 1), effects);
        table.OnConnectionLost(peer, TimeSpan.FromMilliseconds(10), effects);
        Assert.False(table.Reachability.IsReachable(peer));

        var answer = new GossipMessage.Exchange(table.Cluster, [], []);
        table.OnMessage(peer, answer, TimeSpan.FromMilliseconds(20), effects);
        Assert.True(table.Reachability.IsReachable(peer));
    }

    [Fact]
    public void A_peer_that_names_a_node_twice_in_its_offer_is_answered_all_the_same()
    {
        var table = Table();
        var effects = new List<GossipEffect>();
        var digest = new HeartbeatDigest(new NodeId(0, 2), 1, 1);
        table.OnMessage(new NodeId(0, 2), new GossipMessage.Offer(table.Cluster, [digest, digest]), TimeSpan.Zero, effects);
        Assert.IsType<GossipMessage.Exchange>(Assert.IsType<GossipEffect.Send>(Assert.Single(effects)).Message);
    }

    [Fact]
    public void Nobody_else_speaks_for_this_node_and_strangers_are_not_kept()
    {
        var table = Table();
        var effects = new List<GossipEffect>();
        Hear(table, new Heartbeat(new NodeId(0, 1), 99, 99, "elsewhere", RingEpoch.None, 0, []), effects);
        Hear(table, new Heartbeat(new NodeId(0, 77), 1, 1, "stranger", RingEpoch.None, 0, []), effects);
        Assert.Equal(1u, Assert.Single(table.Heartbeats).Start);
    }

    [Fact]
    public void A_newer_ring_seen_in_a_heartbeat_is_reported()
    {
        var effects = new List<GossipEffect>();
        Hear(Table(), Beat(1, 1) with { Epoch = new RingEpoch(1, 9) }, effects);
        Assert.Equal(new RingEpoch(1, 9), Assert.Single(effects.OfType<GossipEffect.NewerRingSeen>()).Epoch);
    }

    [Fact]
    public void Suspicion_grows_with_silence_and_forgives_a_pause()
    {
        var detector = new PhiDetector(Options);
        for (var second = 0; second <= 20; second++)
            detector.OnBeat(TimeSpan.FromSeconds(second));
        Assert.True(detector.Phi(TimeSpan.FromSeconds(22.5)) < 1);
        Assert.InRange(detector.Phi(TimeSpan.FromSeconds(24.5)), 8, double.MaxValue);
        Assert.True(detector.Phi(TimeSpan.FromSeconds(60)) > detector.Phi(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Failing_requests_open_the_breaker_and_a_trial_after_the_pause_closes_it()
    {
        var breaker = new PeerBreaker(new BreakerOptions());
        for (var failure = 0; failure < 5; failure++)
        {
            Assert.True(breaker.Allows(TimeSpan.Zero));
            breaker.OnFailure(TimeSpan.Zero);
        }

        Assert.False(breaker.Allows(TimeSpan.FromSeconds(0.9)));
        Assert.True(breaker.Allows(TimeSpan.FromSeconds(1)));
        breaker.OnFailure(TimeSpan.FromSeconds(1));
        Assert.False(breaker.Allows(TimeSpan.FromSeconds(2.9)));
        breaker.OnSuccess(TimeSpan.FromSeconds(3));
        Assert.True(breaker.Allows(TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void Failing_requests_make_a_beating_peer_unreachable_in_this_nodes_opinion()
    {
        var table = Table();
        var effects = new List<GossipEffect>();
        Hear(table, Beat(1, 1), effects);
        for (var failure = 0; failure < 5; failure++)
            table.OnRequestFailed(new NodeId(0, 2), TimeSpan.Zero, effects);
        Assert.False(table.Reachability.IsReachable(new NodeId(0, 2)));
        table.OnRequestAnswered(new NodeId(0, 2), TimeSpan.FromSeconds(1), effects);
        Assert.True(table.Reachability.IsReachable(new NodeId(0, 2)));
    }

    [Fact]
    public void An_older_start_or_a_second_process_of_one_start_is_turned_away()
    {
        var starts = new PeerStarts();
        Assert.Equal(PeerAdmission.Admitted, Admit(start: 5, process: 1));
        Assert.Equal(PeerAdmission.Admitted, Admit(start: 5, process: 1));
        Assert.Equal(PeerAdmission.EarlierStart, Admit(start: 5, process: 2));
        Assert.Equal(PeerAdmission.EarlierStart, Admit(start: 4, process: 3));
        Assert.Equal(PeerAdmission.Admitted, Admit(start: 6, process: 2));
        Assert.Equal(PeerAdmission.EarlierStart, Admit(start: 5, process: 1));

        PeerAdmission Admit(uint start, ulong process) => starts.Admit(new NodeId(0, 1), dataSet: 9, start, process);
    }

    [Fact]
    public void A_node_with_other_data_is_turned_away_however_often_it_has_started()
    {
        var starts = new PeerStarts();
        Assert.Equal(PeerAdmission.Admitted, starts.Admit(new NodeId(0, 1), dataSet: 9, start: 1, process: 1));
        for (var start = 1u; start <= 5; start++)
            Assert.Equal(PeerAdmission.OtherData, starts.Admit(new NodeId(0, 1), dataSet: 10, start, process: 1 + start));
        Assert.Equal(PeerAdmission.Admitted, starts.Admit(new NodeId(0, 1), dataSet: 9, start: 2, process: 8));
    }

    private static Heartbeat Beat(uint start, ulong count) => new(new NodeId(0, 2), start, count, "b:1", RingEpoch.None, 0, []);

    private static GossipTable Table()
    {
        var table = new GossipTable(
            new Heartbeat(new NodeId(0, 1), 1, 0, "a:1", RingEpoch.None, 0, []), Options, new BreakerOptions());
        var members = new[] { new NodeId(0, 1), new NodeId(0, 2) }.Select(id => Core.Placement.RingMember.Of(id, "x"));
        table.OnRing(Core.Placement.RingPlanner.Create(new ClusterId(1, 1), members, 64), TimeSpan.Zero);
        return table;
    }

    private static void Hear(GossipTable table, Heartbeat beat, List<GossipEffect> effects) =>
        table.OnMessage(beat.Node, new GossipMessage.Rest(new ClusterId(1, 1), [beat]), TimeSpan.Zero, effects);
}
