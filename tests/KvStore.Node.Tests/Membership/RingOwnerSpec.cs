using Akka.Actor;
using KvStore.Core.Buckets;
using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Node.Membership;
using KvStore.Wire;

namespace KvStore.Node.Tests.Membership;

public sealed class RingOwnerSpec
{
    [Fact]
    public async Task A_ring_of_the_settings_is_in_force_at_the_first_start_and_from_the_disk_at_the_next()
    {
        using var owners = new RingOwners(1);
        await owners.When(_ => true, 1);
        Assert.True(owners.First.IsSameAs(owners[1].Ring.Value!));
        Assert.Equal(RingCommands.Outcome.Done, (await owners[1].Ask(NewBucket("b"))).Outcome);

        owners.Restart(1);

        Assert.Equal(owners.First.Epoch.Next(), (await owners[1].Status()).Ring!.Epoch);
    }

    [Fact]
    public async Task What_a_majority_decides_is_in_force_everywhere()
    {
        using var owners = new RingOwners(3);

        var answer = await owners[2].Ask(NewBucket("b"));

        Assert.Equal((RingCommands.Outcome.Done, owners.First.Epoch.Next()), (answer.Outcome, answer.Epoch));
        await owners.When(ring => ring.Epoch == answer.Epoch, 1, 2, 3);
    }

    [Fact]
    public async Task Without_a_majority_the_outcome_is_unknown_and_nothing_is_in_force()
    {
        using var owners = new RingOwners(3);
        await owners.When(_ => true, 1);
        owners.Cut(2);
        owners.Cut(3);

        var answer = await owners[1].Ask(NewBucket("b"));

        Assert.Equal((RingCommands.Outcome.Unknown, owners.First.Epoch), (answer.Outcome, answer.Epoch));
        Assert.Contains("No majority", answer.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_the_ring_has_gone_past_unheard_is_not_called_undone()
    {
        using var owners = new RingOwners(3);
        await owners.When(_ => true, 1);
        owners.Cut(2);
        owners.Cut(3);

        var answer = owners[1].Ask(NewBucket("b"));
        var later = After(After(owners.First, NewBucket("b")), NewBucket("c"));
        owners[1].Ref.Tell(new NodeProtocol.RingLogSays(RingOwners.Id(2), new RingLogMessage.Learned(later)), ActorRefs.NoSender);

        Assert.Equal((RingCommands.Outcome.Unknown, later.Epoch), ((await answer).Outcome, (await answer).Epoch));
        Assert.Contains("may have been", (await answer).Words, StringComparison.Ordinal);

        static Ring After(Ring ring, RingCommands.ChangeBucket change)
        {
            Assert.Null(RingSteps.ChangeBucket(ring, change.Change, out var next));
            return next!;
        }
    }

    [Fact]
    public async Task A_node_that_has_lost_its_votes_votes_no_more_not_even_after_a_restart()
    {
        using var owners = new RingOwners(3, lost: [2, 3]);
        await owners.When(_ => true, 1, 2, 3);
        Assert.Equal(RingCommands.Outcome.Unknown, (await owners[1].Ask(NewBucket("b"))).Outcome);

        owners.Restart(2);
        owners.Restart(3);

        Assert.Equal(RingCommands.Outcome.Unknown, (await owners[1].Ask(NewBucket("b"))).Outcome);
    }

    [Fact]
    public async Task A_node_that_was_cut_off_learns_the_ring_when_it_hears_of_its_epoch()
    {
        using var owners = new RingOwners(3);
        owners.Cut(3);
        var answer = await owners[1].Ask(NewBucket("b"));
        owners.Mend(3);

        owners[3].Ref.Tell(new RingCommands.EpochSeen(RingOwners.Id(1), answer.Epoch), Akka.Actor.ActorRefs.NoSender);

        await owners.When(ring => ring.Epoch == answer.Epoch, 3);
    }

    [Fact]
    public async Task A_joiner_is_staged_planned_committed_and_takes_its_share()
    {
        using var owners = new RingOwners(3);
        var joiner = owners.Join(4);
        await owners.WhenStaged();
        Assert.Null(joiner.Ring.Value);

        var plan = await owners[1].Plan();
        Assert.Equal("", plan.Refusal);
        Assert.Equal(16, plan.Value!.OwnersChanged);
        Assert.Equal(RingCommands.Outcome.Done, (await owners[1].Ask(new RingCommands.Commit(AcceptRisk: false))).Outcome);

        await owners.When(ring => ring is { IsChanging: false, Members.Length: 4 }, 1, 2, 3, 4);
        Assert.Equal(16, joiner.Ring.Value!.Owners.Count(owner => owner == RingOwners.Id(4)));
        Assert.True(joiner.Ring.Value.IsSameAs(owners[1].Ring.Value!));
        Assert.Empty((await owners[1].Status()).Staged);
    }

    [Fact]
    public async Task A_leaver_gives_its_share_away_and_is_told_that_it_is_out()
    {
        using var owners = new RingOwners(4);
        await owners[2].Ask(new RingCommands.Stage(new RingChange.Leave(RingOwners.Id(4))));
        await owners[2].Plan();

        Assert.Equal(RingCommands.Outcome.Done, (await owners[2].Ask(new RingCommands.Commit(AcceptRisk: false))).Outcome);

        await owners[4].Excluded;
        await owners.When(ring => ring is { IsChanging: false, Members.Length: 3 }, 1);
        Assert.DoesNotContain(RingOwners.Id(4), owners[1].Ring.Value!.Owners);
    }

    [Fact]
    public async Task A_newcomer_takes_the_place_of_a_lost_node()
    {
        using var owners = new RingOwners(3);
        owners.Join(4);
        await owners.WhenStaged();
        owners.Cut(3);

        Assert.Equal("", (await owners[1].Ask(new RingCommands.StageReplace(RingOwners.Id(3), RingOwners.Id(4)))).Words);
        Assert.Equal("", (await owners[1].Plan()).Refusal);
        Assert.Equal(RingCommands.Outcome.Done, (await owners[1].Ask(new RingCommands.Commit(AcceptRisk: false))).Outcome);

        await owners.When(ring => ring is { IsChanging: false, Members.Length: 3 } && ring.Contains(RingOwners.Id(4)), 1, 2, 4);
        Assert.Equal(owners.First.Owners.Count(owner => owner == RingOwners.Id(3)),
            owners[1].Ring.Value!.Owners.Count(owner => owner == RingOwners.Id(4)));
    }

    [Fact]
    public async Task A_change_goes_on_after_the_node_that_directs_it_has_started_again()
    {
        using var owners = new RingOwners(3);
        owners.Join(4);
        await owners.WhenStaged();
        await owners[1].Plan();
        await owners[1].Ask(new RingCommands.Commit(AcceptRisk: false));

        owners.Restart(1);

        await owners.When(ring => ring is { IsChanging: false, Members.Length: 4 }, 1, 2, 3, 4);
    }

    [Theory]
    [InlineData(9, "is no member")]
    [InlineData(1, "")]
    public async Task A_refusal_says_what_to_do(int leaver, string words)
    {
        using var owners = new RingOwners(3);

        var answer = await owners[2].Ask(new RingCommands.Stage(new RingChange.Leave(RingOwners.Id(leaver))));

        Assert.Equal(words.Length == 0 ? RingCommands.Outcome.Done : RingCommands.Outcome.Refused, answer.Outcome);
        Assert.Contains(words, answer.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_committed_that_was_not_planned()
    {
        using var owners = new RingOwners(3);
        await owners[1].Ask(new RingCommands.Stage(new RingChange.Leave(RingOwners.Id(3))));

        var answer = await owners[1].Ask(new RingCommands.Commit(AcceptRisk: false));

        Assert.Equal(RingCommands.Outcome.Refused, answer.Outcome);
        Assert.Equal(owners.First.Epoch, answer.Epoch);
    }

    [Fact]
    public async Task A_bucket_changes_while_partitions_move()
    {
        using var owners = new RingOwners(3);
        owners.Join(4);
        await owners.WhenStaged();
        await owners[1].Plan();
        await owners[1].Ask(new RingCommands.Commit(AcceptRisk: false));

        var answer = await owners[1].Ask(NewBucket("b"));

        Assert.NotEqual(RingCommands.Outcome.Unknown, answer.Outcome);
        await owners.When(ring => ring is { IsChanging: false, Members.Length: 4 }, 1, 2, 3, 4);
    }

    private static RingCommands.ChangeBucket NewBucket(string name) => new(new BucketChange.Create(
        BucketName.Create(name), BucketPolicy.Siblings, KvStore.Core.Coordination.Quorum.Create(3, 2, 2)));
}
