using System.Collections.Immutable;
using KvStore.Core.Buckets;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Tests.Placement;

namespace KvStore.Core.Tests.Handoff;

public sealed class HandoffSpec
{
    private readonly List<MoveEffect> _effects = [];
    private readonly List<HandoffEffect> _stream = [];

    [Fact]
    public void A_filled_receiver_has_every_key_on_its_disk_whatever_was_lost_or_crashed()
    {
        var filled = 0;
        for (var seed = 0; seed < 500; seed++)
        {
            var world = Run(seed, PlantedRingBugs.None);
            Assert.True(!world.IsFilled || world.HasAll, $"seed {seed}");
            Assert.True(world.HasWhatItVouchesFor, $"seed {seed}: {world.Seen}");
            filled += world.IsFilled ? 1 : 0;
        }

        Assert.True(filled > 450, $"only {filled} of 500 streams came to an end");
    }

    [Fact]
    public void A_batch_that_does_not_begin_where_the_one_before_ended_is_not_taken()
    {
        var receiver = Receiving();
        Take(receiver, number: 1, after: null, "a");
        StoreLast(receiver);
        Take(receiver, number: 2, after: "b", "c");
        Assert.Single(_stream.OfType<HandoffEffect.Store>());
        Take(receiver, number: 2, after: "a", "b");
        Assert.Equal(2, _stream.OfType<HandoffEffect.Store>().Count());
    }

    [Fact]
    public void A_batch_is_stored_when_the_one_before_is_so_that_the_last_speaks_for_all()
    {
        var receiver = Receiving();
        Take(receiver, number: 1, after: null, "a");
        Take(receiver, number: 2, after: "a", "b", isLast: true);
        Assert.Equal(1UL, Assert.Single(_stream.OfType<HandoffEffect.Store>()).Number);
        StoreLast(receiver);
        Assert.Equal(2, _stream.OfType<HandoffEffect.Store>().Count());
        StoreLast(receiver);
        Assert.IsType<HandoffEffect.Filled>(_stream[^1]);
    }

    [Fact]
    public void Handing_over_before_the_disk_has_it_is_caught() =>
        Assert.Contains(
            Enumerable.Range(0, 500).Select(seed => Run(seed, PlantedRingBugs.HandedOverBeforeDurable)),
            world => world.IsFilled && !world.HasAll);

    [Fact]
    public void A_partition_takes_its_three_epochs_one_fence_after_the_other()
    {
        var (director, ring) = Begin();
        ring = Decide(director, Proposed());
        var moving = ring.Partitions.First(partition => ring.PhaseOf(partition) == MovePhase.WriteBothReadOld);
        Assert.DoesNotContain(_effects, effect => effect is MoveEffect.AskFill or MoveEffect.AskReaffirm);
        foreach (var phase in new[] { MovePhase.WriteBothReadNew, MovePhase.Done })
        {
            Answer(director, ring.Epoch);
            ring = Decide(director, Proposed());
            Assert.Equal(phase, ring.PhaseOf(moving));
        }

        Answer(director, ring.Epoch);
        ring = Decide(director, Proposed());
        Assert.False(ring.IsChanging);
        Assert.True(ring.Contains(Rings.Node(5)) && !ring.Contains(Rings.Node(1)));
    }

    [Fact]
    public void A_living_owner_that_has_not_fenced_holds_the_next_phase_up_and_a_dead_one_does_not()
    {
        var (director, ring) = Begin();
        ring = Decide(director, Proposed());
        var silent = Rings.Node(2);
        Answer(director, ring.Epoch, except: silent);
        Assert.DoesNotContain(_effects, effect => effect is MoveEffect.Propose);
        director.OnTick(node => node != silent, _effects);
        Answer(director, ring.Epoch, except: silent, isLive: node => node != silent);
        Assert.Contains(_effects, effect => effect is MoveEffect.Propose);
    }

    [Fact]
    public void A_bucket_created_in_the_middle_of_a_move_takes_the_epoch_and_the_move_goes_on()
    {
        var (director, ring) = Begin();
        ring = Decide(director, Proposed());
        Answer(director, ring.Epoch);
        var beaten = Proposed();
        var create = new BucketChange.Create(BucketName.Create("users"), BucketPolicy.Siblings, Quorum.OfMajorities(3));
        Assert.Null(RingSteps.ChangeBucket(ring, create, out var next));
        ring = Decide(director, next!);
        var again = Proposed();
        Assert.All(beaten.Phases.Zip(again.Phases), pair => Assert.True(pair.Second >= pair.First));
        Assert.Equal(ring.Epoch.Next(), again.Epoch);
        Assert.NotNull(again.Buckets.Find(create.Name));
    }

    [Fact]
    public void Late_word_of_an_earlier_change_counts_for_nothing()
    {
        var (director, ring) = Begin();
        ring = Decide(director, Proposed());
        foreach (var partition in ring.Partitions)
        {
            director.OnFilled(Rings.Node(5), partition, RingEpoch.First, _ => true, _effects);
            foreach (var member in ring.Members)
            {
                director.OnReaffirmed(member.Id, partition, RingEpoch.First, _ => true, _effects);
                director.OnFenced(member.Id, partition, ring.Epoch, _ => true, _effects);
            }
        }

        director.OnTick(_ => true, _effects);

        Assert.Empty(_effects.OfType<MoveEffect.Propose>());
        Answer(director, ring.Epoch);
        Assert.Single(_effects.OfType<MoveEffect.Propose>());
    }

    [Fact]
    public void A_director_that_missed_the_end_of_one_change_and_the_beginning_of_the_next_begins_from_nothing()
    {
        var (director, ring) = Begin();
        ring = Decide(director, Proposed());
        Answer(director, ring.Epoch);
        Assert.Null(RingSteps.Cancel(ring, out var settled));
        var change = new RingChange.Replace(Rings.Node(1), Rings.Member(6));
        Assert.Null(RingPlanner.Plan(settled!, [change], null, out var plan));
        var moving = ring.Partitions.Where(partition => ring.PhaseOf(partition) == MovePhase.WriteBothReadOld);
        Decide(director, RingSteps.Advance(plan!.Next, moving.ToDictionary(partition => partition, _ => MovePhase.WriteBothReadOld)));
        Assert.DoesNotContain(_effects, effect => effect is MoveEffect.Propose);
        Assert.Contains(_effects, effect => effect is MoveEffect.AskFence);
    }

    private static BucketKey Name(string key) => new(BucketName.Default, Key.Of(key));

    private HandoffReceiver Receiving()
    {
        var handoff = new HandoffId(new PartitionId(3), Rings.Node(1), Rings.Node(2), new RingEpoch(1, 7));
        var receiver = new HandoffReceiver(handoff, default, new HandoffOptions());
        receiver.Start(1, _stream);
        return receiver;
    }

    /// <summary>A batch of one key comes.</summary>
    private void Take(HandoffReceiver receiver, ulong number, string? after, string key, bool isLast = false)
    {
        BucketKey? start = after is null ? null : Name(after);
        ImmutableArray<HandoffItem> items = [HandoffItem.Of(Name(key), SiblingSet.Empty)];
        receiver.OnMessage(
            new HandoffMessage.Batch(receiver.Handoff, receiver.Session, number, start, items, isLast, VersionVector.Empty), _stream);
    }

    private void StoreLast(HandoffReceiver receiver)
    {
        var store = _stream.OfType<HandoffEffect.Store>().Last();
        receiver.OnStored(receiver.Session, store.Number, store.Progress, _stream);
    }

    private static HandoffWorld Run(int seed, PlantedRingBugs bugs)
    {
        var world = new HandoffWorld(seed, bugs);
        world.Run();
        return world;
    }

    private (MoveDirector Director, Ring Ring) Begin()
    {
        var director = new MoveDirector(new MoveOptions { MaxMoving = 64 });
        var change = new RingChange.Replace(Rings.Node(1), Rings.Member(5));
        Assert.Null(RingPlanner.Plan(Rings.Of(4, 64), [change], null, out var plan));
        director.OnRing(plan!.Next, _ => true, _effects);
        return (director, plan.Next);
    }

    private Ring Proposed() => Assert.Single(_effects.OfType<MoveEffect.Propose>()).Ring;

    private Ring Decide(MoveDirector director, Ring ring)
    {
        _effects.Clear();
        director.OnRing(ring, _ => true, _effects);
        return ring;
    }

    /// <summary>Everybody does at once what they are asked, and whatever that leads to.</summary>
    private void Answer(MoveDirector director, RingEpoch epoch, NodeId except = default, Func<NodeId, bool>? isLive = null)
    {
        isLive ??= _ => true;
        for (var i = 0; i < _effects.Count; i++)
        {
            if (_effects[i] is MoveEffect.AskFence fence && fence.Owner != except)
                director.OnFenced(fence.Owner, fence.Partition, epoch, isLive, _effects);
            else if (_effects[i] is MoveEffect.AskFill fill)
                director.OnFilled(fill.Fill.Receiver, fill.Partition, fill.Epoch, isLive, _effects);
            else if (_effects[i] is MoveEffect.AskReaffirm reaffirm)
                director.OnReaffirmed(reaffirm.Owner, reaffirm.Partition, reaffirm.Epoch, isLive, _effects);
            if (i > 100_000)
                Assert.Fail("the director asks for ever");
        }
    }
}
