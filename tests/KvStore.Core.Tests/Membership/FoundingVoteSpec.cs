using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Core.Tests.Placement;

namespace KvStore.Core.Tests.Membership;

public sealed class FoundingVoteSpec
{
    private static readonly TimeSpan Started = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Later = Started + FoundingVote.Promise;
    private static readonly Ring Three = Rings.Of(3, 64);
    private static readonly Ring Five = Rings.Of(5, 64);
    private static readonly NodeId[] Ids = [.. Three.Members.Select(member => member.Id)];
    private readonly List<FoundingEffect> _effects = [];

    [Fact]
    public void The_lowest_that_is_reachable_forms_a_cluster_with_the_promises_of_a_majority()
    {
        var lowest = new FoundingVote(Ids[0], Started, isFirstStart: false);
        lowest.OnTick(Later, Three, _ => true, _effects);
        var round = Assert.IsType<FoundingEffect.Ask>(_effects[0]).Round;
        Assert.Equal([Ids[1], Ids[2]], _effects.Cast<FoundingEffect.Ask>().Select(ask => ask.To));

        lowest.OnAnswered(Ids[2], round, FoundingAnswer.Granted, Later, Three, _effects);

        Assert.Equal(FoundingEffect.Found.Instance, _effects[^1]);
    }

    [Fact]
    public void A_node_leaves_it_to_a_lower_one_that_it_can_reach()
    {
        var second = new FoundingVote(Ids[1], Started, isFirstStart: false);
        second.OnTick(Later, Three, _ => true, _effects);
        Assert.Empty(_effects);

        second.OnTick(Later, Three, node => node != Ids[0], _effects);
        Assert.NotEmpty(_effects);
    }

    [Fact]
    public void Nobody_forms_one_beside_a_cluster_that_there_is()
    {
        var lowest = new FoundingVote(Ids[0], Started, isFirstStart: false);
        var member = new FoundingVote(Ids[1], Started, isFirstStart: false);
        member.OnMember();
        lowest.OnTick(Later, Three, _ => true, _effects);

        var answer = member.OnAsked(Ids[0], Later);
        lowest.OnAnswered(Ids[1], round: 1, answer, Later, Three, _effects);

        Assert.Equal(FoundingAnswer.IsMember, answer);
        Assert.DoesNotContain(FoundingEffect.Found.Instance, _effects);
    }

    [Fact]
    public void A_promise_is_given_to_one_at_a_time_and_not_soon_after_a_start()
    {
        var voter = new FoundingVote(Ids[2], Started, isFirstStart: false);
        Assert.Equal(FoundingAnswer.Refused, voter.OnAsked(Ids[0], Started));
        Assert.Equal(FoundingAnswer.Granted, voter.OnAsked(Ids[0], Later));
        Assert.Equal(FoundingAnswer.Refused, voter.OnAsked(Ids[1], Later + FoundingVote.Promise / 2));
        Assert.Equal(FoundingAnswer.Granted, voter.OnAsked(Ids[1], Later + FoundingVote.Promise));
    }

    [Fact]
    public void Who_cannot_reach_a_majority_neither_asks_nor_binds_itself()
    {
        var last = new FoundingVote(Ids[2], Started, isFirstStart: true);
        last.OnTick(Started, Three, _ => false, _effects);

        Assert.Empty(_effects);
        Assert.Equal(FoundingAnswer.Granted, last.OnAsked(Ids[1], Started));
    }

    [Fact]
    public void Answers_of_a_round_count_though_the_others_are_asked_again_meanwhile()
    {
        var five = Five.Members.Select(member => member.Id).ToArray();
        var lowest = new FoundingVote(five[0], Started, isFirstStart: true);
        lowest.OnTick(Started, Five, _ => true, _effects);
        lowest.OnAnswered(five[3], round: 1, FoundingAnswer.Granted, Started, Five, _effects);
        _effects.Clear();

        lowest.OnTick(Started + FoundingVote.Window / 2, Five, _ => true, _effects);
        Assert.Equal([five[1], five[2], five[4]], _effects.Cast<FoundingEffect.Ask>().Select(ask => ask.To));
        lowest.OnAnswered(five[2], round: 1, FoundingAnswer.Granted, Started + FoundingVote.Window / 2, Five, _effects);
        Assert.Equal(FoundingEffect.Found.Instance, _effects[^1]);
    }

    /// <summary>Two that cannot see each other, and a vote each: neither may hold its vote for ever.</summary>
    [Fact]
    public void A_promise_is_not_made_longer_by_asking_again()
    {
        var voter = new FoundingVote(Ids[2], Started, isFirstStart: true);
        Assert.Equal(FoundingAnswer.Granted, voter.OnAsked(Ids[0], Started));
        Assert.Equal(FoundingAnswer.Granted, voter.OnAsked(Ids[0], Started + FoundingVote.Promise - FoundingVote.Window));
        Assert.Equal(FoundingAnswer.Refused, voter.OnAsked(Ids[0], Started + FoundingVote.Promise - FoundingVote.Window / 2));
        Assert.Equal(FoundingAnswer.Granted, voter.OnAsked(Ids[1], Started + FoundingVote.Promise));
    }

    [Fact]
    public void Who_never_lived_before_promises_at_once_so_that_a_new_store_does_not_wait()
    {
        var voter = new FoundingVote(Ids[2], Started, isFirstStart: true);
        Assert.Equal(FoundingAnswer.Granted, voter.OnAsked(Ids[0], Started));
        Assert.Equal(FoundingAnswer.Refused, voter.OnAsked(Ids[1], Started));
    }

    [Fact]
    public void What_was_promised_too_long_ago_does_not_count()
    {
        var lowest = new FoundingVote(Ids[0], Started, isFirstStart: false);
        lowest.OnTick(Later, Three, _ => true, _effects);

        lowest.OnAnswered(Ids[1], round: 1, FoundingAnswer.Granted, Later + FoundingVote.Window, Three, _effects);

        Assert.DoesNotContain(FoundingEffect.Found.Instance, _effects);
    }

    [Fact]
    public void A_single_node_forms_its_cluster_by_itself()
    {
        var ring = Rings.Of(1, 64, replicas: 1);
        new FoundingVote(ring.Members[0].Id, Started, isFirstStart: false).OnTick(Started, ring, _ => true, _effects);
        Assert.Equal([FoundingEffect.Found.Instance], _effects);
    }

    /// <summary>Whoever sees whom, and however long answers take: two of them never form a cluster while promises hold.</summary>
    [Fact]
    public void Never_do_two_form_one_at_the_same_time()
    {
        var founded = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var found = Run(new Random(seed), Five);
            Assert.True(found <= 1, $"seed {seed}: {found} clusters");
            founded += found;
        }

        Assert.InRange(founded, 100, 300);
    }

    private static int Run(Random random, Ring ring)
    {
        var (now, found) = (Later, 0);
        var nodes = ring.Members.ToDictionary(member => member.Id, member => new FoundingVote(member.Id, Started, isFirstStart: false));
        var messages = new List<(TimeSpan Due, Action Deliver)>();
        for (var step = 0; step < 400 && found == 0; step++, now += TimeSpan.FromMilliseconds(100))
        {
            foreach (var message in messages.Where(message => message.Due <= now).ToList())
            {
                messages.Remove(message);
                message.Deliver();
            }

            var (id, vote) = nodes.ElementAt(random.Next(nodes.Count));
            Do(id, list => vote.OnTick(now, ring, _ => random.Next(3) > 0, list));
        }

        foreach (var (_, deliver) in messages.ToList()) deliver();
        return found;

        void Do(NodeId self, Action<List<FoundingEffect>> call)
        {
            var effects = new List<FoundingEffect>();
            call(effects);
            found += effects.OfType<FoundingEffect.Found>().Count();
            foreach (var ask in effects.OfType<FoundingEffect.Ask>().Where(_ => random.Next(4) > 0))
                Send(() => Answer(self, ask));
        }

        void Answer(NodeId self, FoundingEffect.Ask ask)
        {
            var answer = nodes[ask.To].OnAsked(self, now);
            Send(() => Do(self, list => nodes[self].OnAnswered(ask.To, ask.Round, answer, now, ring, list)));
        }

        void Send(Action deliver) => messages.Add((now + TimeSpan.FromMilliseconds(random.Next(2_000)), deliver));
    }
}
