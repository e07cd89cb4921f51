using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Troupe.Simulation;

namespace Troupe.Tests.ClusterTools;

/// <summary>What members offer, and how their registries become alike.</summary>
public sealed class PubSubRegistrySpec
{
    private static readonly UniqueAddress One = Members.Node(1), Two = Members.Node(2), Three = Members.Node(3);
    private static readonly SortedSet<UniqueAddress> All = [One, Two, Three];
    private static readonly IActorRef Somebody = ActorRefs.Nobody;

    [Fact]
    public void What_one_offers_the_other_learns_and_it_learns_that_it_is_gone()
    {
        var (one, two) = (new PubSubRegistry(One), new PubSubRegistry(Two));
        one.Offer("p/user/a", Somebody, now: 5);
        Exchange(one, two);
        Assert.Equal([One], two.At("p/user/a").Select(offer => offer.Owner));

        one.Offer("p/user/a", null, now: 6);
        Exchange(one, two);

        Assert.Empty(two.At("p/user/a"));
        Assert.Empty(two.Keys);
    }

    [Fact]
    public void An_offer_that_is_made_again_is_nothing_new()
    {
        var one = new PubSubRegistry(One);
        one.Offer("k", Somebody, now: 5);
        var before = one.Versions;

        one.Offer("k", Somebody, now: 9);

        Assert.False(one.IsAheadOf(before));
    }

    [Fact]
    public void Versions_grow_although_the_clock_stands_still_or_goes_back()
    {
        var one = new PubSubRegistry(One);
        one.Offer("a", Somebody, now: 100);
        var before = one.Versions[One];

        one.Offer("b", Somebody, now: 100);
        one.Offer("c", Somebody, now: 1);

        Assert.True(one.Versions[One] >= before + 2);
    }

    [Fact]
    public void What_is_cut_off_is_asked_for_again()
    {
        var (one, two) = (new PubSubRegistry(One), new PubSubRegistry(Two));
        for (var i = 0; i < 10; i++) one.Offer($"k{i}", Somebody, now: i);

        var rounds = 0;
        for (; one.IsAheadOf(two.Versions); rounds++) two.Merge(one.Since(two.Versions, most: 3), All);

        Assert.Equal(4, rounds);
        Assert.Equal(10, two.Keys.Count());
    }

    [Fact]
    public void What_a_stranger_offers_or_one_that_was_removed_is_not_taken_in()
    {
        var (one, two) = (new PubSubRegistry(One), new PubSubRegistry(Two));
        one.Offer("k", Somebody, now: 5);
        Exchange(one, two);

        two.Forget(One);
        two.Merge(one.Since(two.Versions, most: 100), new SortedSet<UniqueAddress> { Two, Three });

        Assert.Empty(two.Keys);
        Assert.False(two.IsBehind(one.Versions, new SortedSet<UniqueAddress> { Two }));
    }

    [Fact]
    public void Old_removals_are_forgotten_and_young_ones_are_not()
    {
        var one = new PubSubRegistry(One);
        one.Offer("old", Somebody, now: 1);
        one.Offer("old", null, now: 2);
        one.Offer("young", Somebody, now: 1000);
        one.Offer("young", null, now: 1001);

        one.Prune(age: 500);

        var left = one.Since(ImmutableSortedDictionary<UniqueAddress, long>.Empty, most: 100);
        Assert.Equal(["young"], left.Single().Entries.Keys);
    }

    [Fact]
    public void Whatever_the_order_of_offers_and_exchanges_all_end_alike()
    {
        for (ulong seed = 1; seed <= 500; seed++)
        {
            var random = new SimulationRandom(seed);
            PubSubRegistry[] registries = [new(One), new(Two), new(Three)];
            for (var step = 0; step < 60; step++)
            {
                var (a, b) = (registries[random.Next(3)], registries[random.Next(3)]);
                if (random.Chance(0.4)) a.Offer($"k{random.Next(5)}", random.Chance(0.6) ? Somebody : null, random.Next(50));
                else if (a != b) b.Merge(a.Since(b.Versions, most: 1 + random.Next(4)), All);
            }

            for (var round = 0; round < 40; round++)
            {
                foreach (var a in registries)
                    foreach (var b in registries) b.Merge(a.Since(b.Versions, most: 2), All);
            }

            var texts = registries.Select(Text).Distinct().ToList();
            Assert.True(texts.Count == 1, $"seed {seed}: {string.Join(" | ", texts)}");
        }
    }

    private static string Text(PubSubRegistry registry) => string.Join(
        ' ', registry.Keys.Order(StringComparer.Ordinal)
            .Select(key => $"{key}:{string.Join(',', registry.At(key).Select(offer => offer.Owner.Address.Port))}"));

    private static void Exchange(PubSubRegistry from, PubSubRegistry to) => to.Merge(from.Since(to.Versions, most: 100), All);
}
