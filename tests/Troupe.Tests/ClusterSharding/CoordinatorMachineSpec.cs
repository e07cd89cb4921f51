using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding.Internal;

namespace Troupe.Tests.ClusterSharding;

public sealed class CoordinatorMachineSpec
{
    private readonly NamedRef _a = new("a");
    private readonly NamedRef _b = new("b");
    private readonly NamedRef _proxy = new("proxy");
    private readonly CoordinatorMachine _machine = new(ShardHomes.Empty);
    private readonly List<CoordinatorEffect> _effects = [];

    public CoordinatorMachineSpec() => WriteAll();

    [Fact]
    public void A_region_is_welcome_when_enough_members_know_of_it()
    {
        _machine.OnRegister(_a, []);
        Assert.DoesNotContain(SentTo(_a), m => m is ShardingMessage.Registered);

        WriteAll();

        Assert.Contains(SentTo(_a), m => m is ShardingMessage.Registered);
    }

    [Fact]
    public void A_home_is_told_only_after_it_is_written()
    {
        Regions(_a, _b);

        _machine.OnGetShardHome("s", _b);
        _machine.OnAllocated("s", _a);
        _machine.OnGetShardHome("s", _a);
        Assert.Empty(SentTo(_a, _b));

        WriteAll();

        Assert.Equal([new ShardingMessage.HostShard("s"), new ShardingMessage.ShardHome("s", _a)], SentTo(_a));
        Assert.Equal([new ShardingMessage.ShardHome("s", _a)], SentTo(_b));
    }

    [Fact]
    public void The_strategy_is_asked_once_for_a_shard_and_for_one_shard_at_a_time()
    {
        Regions(_a);

        _machine.OnGetShardHome("s", _a);
        _machine.OnGetShardHome("s", _proxy);
        _machine.OnGetShardHome("t", _a);
        Assert.Equal(["s"], Take<CoordinatorEffect.Allocate>().Select(e => e.Shard));

        _machine.OnAllocated("s", _a);
        Assert.Equal(["t"], Take<CoordinatorEffect.Allocate>().Select(e => e.Shard));
    }

    [Fact]
    public void While_a_write_is_stuck_known_homes_are_told_and_new_ones_wait()
    {
        Regions(_a, _b);
        Settle("known", _a);

        _machine.OnGetShardHome("stuck", _b);
        _machine.OnAllocated("stuck", _b);
        _machine.OnGetShardHome("new", _b);
        _machine.OnAllocated("new", _b);
        _machine.OnGetShardHome("known", _b);

        Assert.Equal([new ShardingMessage.ShardHome("known", _a)], SentTo(_a, _b));
        WriteAll();
        Assert.Contains(new ShardingMessage.ShardHome("new", _b), SentTo(_b));
    }

    [Fact]
    public void What_is_decided_during_a_write_goes_with_the_next_one()
    {
        Regions(_a);
        _machine.OnGetShardHome("s", _a);
        _machine.OnAllocated("s", _a);
        foreach (var shard in (string[])["t", "u", "v"])
        {
            _machine.OnGetShardHome(shard, _a);
            _machine.OnAllocated(shard, _a);
        }

        var first = Assert.Single(Take<CoordinatorEffect.Write>());
        Assert.Single(first.Homes.Homes);
        _machine.OnWritten(first.Number);
        var second = Assert.Single(Take<CoordinatorEffect.Write>());
        Assert.Equal(4, second.Homes.Homes.Count);
    }

    [Fact]
    public void A_region_that_the_strategy_makes_up_is_not_believed()
    {
        Regions(_a);
        _machine.OnGetShardHome("s", _proxy);
        Assert.Single(Take<CoordinatorEffect.Allocate>());

        _machine.OnAllocated("s", _proxy);
        WriteAll();

        Assert.Empty(SentTo(_proxy));
        _machine.OnGetShardHome("s", _proxy);
        Assert.Single(Take<CoordinatorEffect.Allocate>());
    }

    [Fact]
    public void A_shard_moves_when_all_regions_have_forgotten_it_and_the_old_one_has_stopped_it()
    {
        Regions(_a, _b);
        _machine.OnRegisterProxy(_proxy);
        Settle("s", _a);

        _machine.OnWhatMoves(["s"]);
        Assert.All([_a, _b, _proxy], r => Assert.Contains(new ShardingMessage.BeginHandOff("s"), SentTo(r)));
        _machine.OnHandOffBegun("s", _a);
        _machine.OnHandOffBegun("s", _b);
        _machine.OnGetShardHome("s", _b);
        Assert.DoesNotContain(SentTo(_a), m => m is ShardingMessage.HandOff);
        _machine.OnHandOffBegun("s", _proxy);
        Assert.Contains(new ShardingMessage.HandOff("s"), SentTo(_a));
        Assert.Empty(Take<CoordinatorEffect.Allocate>());

        _machine.OnShardStopped("s", _a);
        Assert.Empty(Take<CoordinatorEffect.Allocate>());
        WriteAll();

        Assert.Equal("s", Assert.Single(Take<CoordinatorEffect.Allocate>()).Shard);
    }

    [Fact]
    public void A_hand_off_that_a_region_does_not_begin_is_given_up_and_the_home_is_told_again()
    {
        Regions(_a, _b);
        Settle("s", _a);
        _machine.OnWhatMoves(["s"]);
        _machine.OnHandOffBegun("s", _a);
        _machine.OnGetShardHome("s", _a);

        var timer = Assert.Single(Take<CoordinatorEffect.StartHandOffTimer>());
        _machine.OnHandOffTimeout(timer.Shard, timer.Attempt);

        Assert.Empty(_machine.Moving);
        Assert.Contains(new ShardingMessage.ShardHome("s", _a), SentTo(_a));
    }

    [Fact]
    public void A_hand_off_that_is_being_carried_out_is_never_given_up()
    {
        Regions(_a);
        Settle("s", _a);
        _machine.OnWhatMoves(["s"]);
        var timer = Assert.Single(Take<CoordinatorEffect.StartHandOffTimer>());
        _machine.OnHandOffBegun("s", _a);
        SentTo(_a);

        _machine.OnHandOffTimeout(timer.Shard, timer.Attempt);

        Assert.Equal(["s"], _machine.Moving);
        Assert.Equal([new ShardingMessage.HandOff("s")], SentTo(_a));
    }

    [Fact]
    public void A_timer_of_an_earlier_hand_off_ends_no_later_one()
    {
        Regions(_a, _b);
        Settle("s", _a);
        _machine.OnWhatMoves(["s"]);
        var first = Assert.Single(Take<CoordinatorEffect.StartHandOffTimer>());
        _machine.OnHandOffTimeout(first.Shard, first.Attempt);
        _machine.OnWhatMoves(["s"]);

        _machine.OnHandOffTimeout(first.Shard, first.Attempt);

        Assert.Equal(["s"], _machine.Moving);
    }

    [Fact]
    public void The_shards_of_a_region_that_is_gone_find_new_homes_when_somebody_asks()
    {
        Regions(_a, _b);
        Settle("s", _a);

        _machine.OnGone(_a);
        _machine.OnGetShardHome("s", _b);
        Assert.Empty(Take<CoordinatorEffect.Allocate>());
        WriteAll();

        var asked = Assert.Single(Take<CoordinatorEffect.Allocate>());
        Assert.Equal([_b], asked.Regions.Keys);
    }

    [Fact]
    public void A_region_that_dies_during_a_hand_off_holds_nobody_up()
    {
        Regions(_a, _b);
        Settle("s", _a);
        _machine.OnWhatMoves(["s"]);
        _machine.OnHandOffBegun("s", _a);

        _machine.OnGone(_b);

        Assert.Contains(new ShardingMessage.HandOff("s"), SentTo(_a));
    }

    [Fact]
    public void A_region_that_leaves_gives_up_its_shards_and_gets_no_more()
    {
        Regions(_a, _b);
        Settle("s", _a);

        _machine.OnShutDownRegion(_a);
        _machine.OnHandOffBegun("s", _a);
        _machine.OnHandOffBegun("s", _b);
        _machine.OnShardStopped("s", _a);
        _machine.OnGetShardHome("s", _b);
        WriteAll();

        Assert.Equal([_b], Assert.Single(Take<CoordinatorEffect.Allocate>()).Regions.Keys);
    }

    [Fact]
    public void A_region_that_leaves_is_released_when_its_last_shard_has_gone_even_one_that_it_was_just_given()
    {
        Regions(_a, _b);
        _machine.OnGetShardHome("s", _b);
        _machine.OnAllocated("s", _a);

        _machine.OnShutDownRegion(_a);
        Assert.DoesNotContain(ShardingMessage.Released.Instance, SentTo(_a));
        WriteAll();
        Assert.Contains(new ShardingMessage.BeginHandOff("s"), SentTo(_a));
        _machine.OnHandOffBegun("s", _a);
        _machine.OnHandOffBegun("s", _b);
        _machine.OnShardStopped("s", _a);

        Assert.Contains(ShardingMessage.Released.Instance, SentTo(_a));
    }

    [Fact]
    public void What_a_region_runs_and_nobody_is_said_to_have_is_its_own()
    {
        _machine.OnRegister(_a, ["s"]);
        _machine.OnGetShardHome("s", _b);
        WriteAll();

        Assert.Equal([new ShardingMessage.ShardHome("s", _a)], SentTo(_b));
        Assert.Empty(Take<CoordinatorEffect.Allocate>());
    }

    [Fact]
    public void A_region_that_runs_what_another_one_has_must_stop_it()
    {
        Regions(_a);
        Settle("s", _a);

        _machine.OnRegister(_b, ["s"]);
        WriteAll();

        Assert.Contains(new ShardingMessage.HandOff("s"), SentTo(_b));
        _machine.OnShardStopped("s", _b);
        Assert.Equal(_a, _machine.Homes.HomeOf("s"));
    }

    [Fact]
    public void A_successor_goes_on_with_what_it_inherits()
    {
        var inherited = ShardHomes.Empty.WithRegion(_a).WithRegion(_b).WithHome("s", _a);
        var successor = new CoordinatorMachine(inherited);
        Assert.Equal([_a, _b], successor.TakeEffects().OfType<CoordinatorEffect.Watch>().Select(w => w.Region));
        successor.OnWritten(1);

        successor.OnGetShardHome("s", _b);

        Assert.Contains(new CoordinatorEffect.Send(_b, new ShardingMessage.ShardHome("s", _a)), successor.TakeEffects());
    }

    [Fact]
    public void A_region_is_not_told_again_to_start_what_it_has_been_told_to_stop()
    {
        Regions(_a);
        _machine.OnGetShardHome("s", _a);
        _machine.OnAllocated("s", _a);
        WriteAll();
        _machine.OnWhatMoves(["s"]);
        _machine.OnHandOffBegun("s", _a);
        SentTo(_a);

        _machine.OnStartTimeout();

        Assert.Empty(SentTo(_a));
    }

    [Fact]
    public void A_successor_moves_nothing_before_all_that_it_inherits_have_called()
    {
        var successor = new CoordinatorMachine(ShardHomes.Empty.WithRegion(_a).WithRegion(_b).WithHome("s", _a));
        successor.OnWritten(1);
        successor.OnRegister(_a, ["s"]);

        successor.OnWhatMoves(["s"]);
        Assert.Empty(successor.Moving);
        successor.OnRegister(_b, []);
        successor.OnWhatMoves(["s"]);

        Assert.Equal(["s"], successor.Moving);
    }

    [Fact]
    public void A_region_that_has_lost_what_it_was_given_is_told_again()
    {
        Regions(_a);
        _machine.OnGetShardHome("s", _a);
        _machine.OnAllocated("s", _a);
        WriteAll();
        SentTo(_a);

        _machine.OnStartTimeout();
        Assert.Equal([new ShardingMessage.HostShard("s")], SentTo(_a));
        _machine.OnShardStarted("s", _a);
        _machine.OnStartTimeout();
        Assert.Empty(SentTo(_a));
    }

    private void Regions(params NamedRef[] regions)
    {
        foreach (var region in regions) _machine.OnRegister(region, []);
        WriteAll();
        SentTo(regions);
    }

    private void Settle(string shard, NamedRef region)
    {
        _machine.OnGetShardHome(shard, region);
        _machine.OnAllocated(shard, region);
        WriteAll();
        _machine.OnShardStarted(shard, region);
        _effects.Clear();
    }

    private void WriteAll()
    {
        while (Take<CoordinatorEffect.Write>() is { Count: > 0 } writes)
        {
            foreach (var write in writes) _machine.OnWritten(write.Number);
        }
    }

    /// <summary>What has been sent to them since the last question.</summary>
    private List<ShardingMessage> SentTo(params NamedRef[] regions) =>
        [.. Take<CoordinatorEffect.Send>(s => regions.Contains(s.To)).Select(s => s.Message)];

    private List<T> Take<T>(Func<T, bool>? which = null) where T : CoordinatorEffect
    {
        _effects.AddRange(_machine.TakeEffects());
        var taken = _effects.OfType<T>().Where(e => which is null || which(e)).ToList();
        _effects.RemoveAll(e => e is T of && taken.Contains(of));
        return taken;
    }
}
