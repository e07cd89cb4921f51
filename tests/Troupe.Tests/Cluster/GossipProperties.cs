using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Membership;
using Akka.Cluster.Serialization;
using Akka.Util;
using Troupe.Simulation;

namespace Troupe.Tests.Clustering;

public sealed class GossipProperties
{
    private static readonly UniqueAddress[] Nodes =
        [.. Enumerable.Range(1, 5).Select(i => new UniqueAddress(new Address("akka.tcp", "fleet", $"10.0.0.{i}", 4053), i * 7))];

    /// <summary>Any state that one of the nodes may have come to.</summary>
    private static Gossip Draw(SimulationRandom random)
    {
        var gossip = Gossip.Empty;
        foreach (var node in Nodes.Where(_ => random.Chance(0.8)))
        {
            var status = (MemberStatus)new[] { 0, 1, 2, 3, 4, 6 }[random.Next(6)];
            var age = status is MemberStatus.Joining or MemberStatus.WeaklyUp ? Member.NotYetUp : 1 + random.Next(3);
            gossip = gossip.With(new Member(node, age, status, [.. new[] { "a", "b" }.Take(Array.IndexOf(Nodes, node) % 3)], AppVersion.Zero));
        }
        for (var i = random.Next(6); i > 0; i--)
        {
            var (observer, subject) = (Nodes[random.Next(5)], Nodes[random.Next(5)]);
            if (gossip.Has(observer) && gossip.Has(subject))
                gossip = gossip.With(gossip.Reachability.Set(observer, subject, random.Chance(0.5) ? Contact.Lost : null));
        }
        if (random.Chance(0.3) && gossip.Members.Count > 0)
            gossip = gossip.Remove(gossip.Members.Keys.First(), DateTimeOffset.FromUnixTimeMilliseconds(1000 + random.Next(9)));
        return gossip.WithSeen([.. gossip.Members.Keys.Where(_ => random.Chance(0.5))]);
    }

    private static void ForAll(Action<Gossip, Gossip, Gossip> law)
    {
        for (ulong seed = 0; seed < 500; seed++)
        {
            var random = new SimulationRandom(seed);
            law(Draw(random), Draw(random), Draw(random));
        }
    }

    private static void Same(Gossip expected, Gossip actual)
    {
        Assert.Equal(expected.Digest, actual.Digest);
        Assert.Equal(expected.Tombstones, actual.Tombstones);
    }

    [Fact]
    public void Merging_twice_is_merging_once() => ForAll((a, b, _) =>
    {
        Same(a, a.Merge(a));
        Same(a.Merge(b), a.Merge(b).Merge(b));
    });

    [Fact]
    public void Merging_members_and_removals_goes_in_any_order() => ForAll((a, b, c) =>
    {
        // One observer's versions are written by one node; two drawn states may contradict each other there.
        (a, b, c) = (Calm(a), Calm(b), Calm(c));
        Same(a.Merge(b), b.Merge(a));
        Same(a.Merge(b).Merge(c), a.Merge(b.Merge(c)));
    });

    private static Gossip Calm(Gossip gossip) => new(gossip.Members, Reachability.Empty, gossip.Tombstones, gossip.Seen);

    [Fact]
    public void What_the_bytes_say_is_what_was_written() => ForAll((a, _, _) =>
    {
        var writer = new ClusterWriter();
        GossipCodec.Write(writer, a);
        var reader = new ClusterReader(writer.ToArray());
        var read = GossipCodec.Read(reader);
        reader.End();
        Same(a, read);
        Assert.True(a.Seen.SetEquals(read.Seen));
    });

    [Fact]
    public void Damaged_bytes_are_refused_or_read_and_never_fail_otherwise() => ForAll((a, _, _) =>
    {
        var writer = new ClusterWriter();
        GossipCodec.Write(writer, a);
        var bytes = writer.ToArray();
        var random = new SimulationRandom((ulong)bytes.Length);
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        try
        {
            GossipCodec.Read(new ClusterReader(bytes[..random.Next(bytes.Length + 1)]));
        }
        catch (System.Runtime.Serialization.SerializationException)
        {
            return;
        }
    });

    [Fact]
    public void A_change_is_seen_by_those_alone_that_had_seen_just_it() => ForAll((a, b, _) =>
    {
        var merged = a.Merge(b);
        var allowed = ImmutableHashSet<UniqueAddress>.Empty;
        if (merged.Digest == a.Digest)
            allowed = allowed.Union(a.Seen);
        if (merged.Digest == b.Digest)
            allowed = allowed.Union(b.Seen);
        Assert.True(merged.Seen.SetEquals(allowed));
    });
}
