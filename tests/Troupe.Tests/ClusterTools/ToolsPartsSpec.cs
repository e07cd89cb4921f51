using Akka.Actor;
using Akka.Cluster.Tools;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;

namespace Troupe.Tests.ClusterTools;

/// <summary>The small pure parts of the tools.</summary>
public sealed class ToolsPartsSpec
{
    private static readonly Address[] Ten = [.. Enumerable.Range(1, 10).Select(i => Members.Node(i).Address)];

    [Fact]
    public void A_client_is_told_the_same_contacts_by_everybody()
    {
        var told = ContactChoice.For("client", Ten, 3).ToList();

        Assert.Equal(3, told.Distinct().Count());
        Assert.Equal(told, ContactChoice.For("client", Ten.Reverse(), 3));
    }

    [Fact]
    public void A_member_more_takes_the_place_of_at_most_one()
    {
        for (var i = 0; i < 100; i++)
        {
            var before = ContactChoice.For($"client {i}", Ten.Take(9), 3).ToList();
            Assert.True(before.Except(ContactChoice.For($"client {i}", Ten, 3)).Count() <= 1);
        }
    }

    [Fact]
    public void Clients_are_spread_over_the_members()
    {
        var shares = Enumerable.Range(0, 1000).SelectMany(i => ContactChoice.For($"client {i}", Ten, 3)).CountBy(a => a).ToList();

        Assert.Equal(10, shares.Count);
        Assert.All(shares, share => Assert.InRange(share.Value, 150, 450));
    }

    [Fact]
    public void The_keys_of_topics_and_groups_are_told_apart_whatever_they_are_called()
    {
        Assert.Equal("news", RegistryKeys.TopicOf(RegistryKeys.OfTopic("news", null)));
        Assert.Equal("news", RegistryKeys.TopicOf(RegistryKeys.OfTopic("news", "g")));
        Assert.Equal("g", RegistryKeys.GroupOf(RegistryKeys.OfTopic("news", "g"), "news"));
        Assert.Null(RegistryKeys.GroupOf(RegistryKeys.OfTopic("newspaper", "g"), "news"));
        Assert.Null(RegistryKeys.GroupOf(RegistryKeys.OfTopic("news", null), "news"));
        Assert.Null(RegistryKeys.TopicOf(RegistryKeys.OfPath("/user/news")));
    }

    [Fact]
    public void A_full_buffer_drops_its_oldest_and_one_without_room_keeps_nothing()
    {
        var (two, none) = (new MessageBuffer(2), new MessageBuffer(0));

        Assert.Equal([true, true, false], ((int[])[1, 2, 3]).Select(i => two.Add(i, ActorRefs.NoSender)));
        Assert.Equal(2, two.Count);
        Assert.False(none.Add(1, ActorRefs.NoSender));
        Assert.Equal(0, none.Count);
    }
}
