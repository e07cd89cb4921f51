using System.Collections.Immutable;
using Akka.Cluster.Sharding.Internal;

namespace Troupe.Tests.ClusterSharding;

public sealed class ShardAllocationSpec
{
    [Fact]
    public void Repeated_rounds_even_all_regions_out_and_then_stop()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var regions = Enumerable.Range(0, random.Next(1, 8))
                .Select(r => Enumerable.Range(0, random.Next(40)).Select(s => $"{r}-{s}").ToImmutableList())
                .ToList();
            var limit = random.Next(1, 10);
            var rounds = 0;
            while (EvenShardAllocation.ToMove([.. regions], limit, 1.0) is { Count: > 0 } moving)
            {
                Assert.InRange(moving.Count, 1, limit);
                regions = [.. regions.Select(r => r.RemoveAll(moving.Contains))];
                foreach (var shard in moving)
                {
                    var least = regions.IndexOf(regions.MinBy(r => r.Count)!);
                    regions[least] = regions[least].Add(shard);
                }
                Assert.True(++rounds < 500, $"seed {seed}: the rounds do not end");
            }
            Assert.InRange(regions.Max(r => r.Count) - regions.Min(r => r.Count), 0, 1);
        }
    }

    [Fact]
    public void One_round_moves_no_more_than_either_limit_says()
    {
        IImmutableList<string>[] regions =
        [
            Enumerable.Range(0, 100).Select(i => $"{i}").ToImmutableList(),
            ImmutableList<string>.Empty,
        ];

        Assert.Equal(10, EvenShardAllocation.ToMove(regions, absoluteLimit: 1000, relativeLimit: 0.1).Count);
        Assert.Equal(5, EvenShardAllocation.ToMove(regions, absoluteLimit: 5, relativeLimit: 0.1).Count);
        Assert.Single(EvenShardAllocation.ToMove(regions, absoluteLimit: 5, relativeLimit: 0.001));
    }

    [Fact]
    public void A_single_region_moves_nothing() =>
        Assert.Empty(EvenShardAllocation.ToMove([ImmutableList.Create("a", "b")], 10, 1.0));
}
