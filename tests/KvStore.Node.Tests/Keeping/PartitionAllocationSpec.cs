using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.Identity;
using KvStore.Node.Keeping;

namespace KvStore.Node.Tests.Keeping;

public sealed class PartitionAllocationSpec : TestKit
{
    private static readonly NodeId[] Nodes = [.. Enumerable.Range(1, 4).Select(i => new NodeId(0, (ulong)i))];

    private readonly IActorRef[] _regions;
    private readonly HashSet<NodeId> _unreachable = [];
    private readonly PartitionAllocation _allocation;

    public PartitionAllocationSpec()
    {
        _regions = [.. Nodes.Take(3).Select((_, i) => CreateTestProbe($"region-{i}").Ref)];
        _allocation = new PartitionAllocation(
            p => p.Value < 8 ? [Nodes[3], Nodes[p.Value % 3], Nodes[(p.Value + 1) % 3]] : [],
            n => !_unreachable.Contains(n),
            r => Array.IndexOf(_regions, r) is var i and >= 0 ? Nodes[i] : null);
    }

    [Fact]
    public async Task A_keeper_lives_at_the_first_primary_that_has_a_region()
    {
        Assert.Equal(_regions[0], await Home("0"));
        Assert.Equal(_regions[1], await Home("1"));
        Assert.Equal(_regions[2], await Home("5"));
    }

    [Fact]
    public async Task A_primary_that_cannot_be_reached_is_passed_over()
    {
        _unreachable.Add(Nodes[0]);

        Assert.Equal(_regions[1], await Home("0"));
    }

    [Fact]
    public async Task Where_no_primary_has_a_region_the_one_with_the_fewest_takes_it()
    {
        _unreachable.UnionWith(Nodes);

        Assert.Equal(_regions[2], await Home("0", (0, ["1"]), (1, ["2", "3"])));
        Assert.Equal(_regions[2], await Home("no number", (0, ["1"]), (1, ["2"])));
        Assert.Equal(_regions[2], await Home("99", (0, ["1"]), (1, ["2"])));
    }

    [Fact]
    public async Task Keepers_go_back_to_a_primary_that_can_be_reached_again()
    {
        var misplaced = Allocations((1, ["0", "1"]), (2, ["2", "3"]));

        Assert.Equal(["0", "3"], (await _allocation.Rebalance(misplaced, ImmutableHashSet<string>.Empty)).Order());
        Assert.Equal(["3"], await _allocation.Rebalance(misplaced, ImmutableHashSet.Create("0")));
        _unreachable.Add(Nodes[0]);
        // Partition 2 has its first primary, partition 3 its second.
        Assert.Equal(["3"], await _allocation.Rebalance(misplaced, ImmutableHashSet<string>.Empty));
    }

    [Fact]
    public async Task Only_so_many_keepers_move_at_once()
    {
        var allocation = new PartitionAllocation(_ => [Nodes[0]], _ => true, r => Nodes[Array.IndexOf(_regions, r)]);
        var misplaced = Allocations((1, [.. Enumerable.Range(0, 100).Select(i => $"{i}")]));

        Assert.Equal(16, (await allocation.Rebalance(misplaced, ImmutableHashSet<string>.Empty)).Count);
        Assert.Empty(await allocation.Rebalance(misplaced, Enumerable.Range(0, 16).Select(i => $"{i}").ToImmutableHashSet()));
    }

    private Task<IActorRef> Home(string shard, params (int Region, string[] Shards)[] taken) =>
        _allocation.AllocateShard(_regions[1], shard, Allocations(taken));

    private ImmutableDictionary<IActorRef, IImmutableList<string>> Allocations(params (int Region, string[] Shards)[] taken) =>
        _regions.ToImmutableDictionary(
            r => r, r => (IImmutableList<string>)taken.Where(t => _regions[t.Region].Equals(r)).SelectMany(t => t.Shards).ToImmutableList());
}
