using KvStore.Client.Connection;
using KvStore.Client.Routing;
using KvStore.Core.Identity;

namespace KvStore.Client.Tests;

/// <summary>Whom to ask, whom to leave in peace, and when a second question is allowed.</summary>
public sealed class RoutingSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_write_begins_at_the_first_primary_and_reads_begin_at_each_in_turn()
    {
        var ring = Rings.Of(5);
        var primaries = ring.PreferenceList(Rings.SomeKey, 3).Primaries;

        Assert.Equal(primaries[0], First(isRead: false, turn: 7));
        Assert.Equal(primaries, Enumerable.Range(0, 3).Select(turn => First(isRead: true, (ulong)turn)));

        NodeId First(bool isRead, ulong turn) =>
            CoordinatorOrder.Of(ring, Rings.SomeKey, isRead, turn, new NodeHealth(), TimeSpan.Zero)[0];
    }

    [Fact]
    public void All_nodes_are_in_the_order_once_the_owners_before_the_others()
    {
        var ring = Rings.Of(5);

        var order = CoordinatorOrder.Of(ring, Rings.SomeKey, isRead: true, 4, new NodeHealth(), TimeSpan.Zero);

        Assert.Equal(5, order.Distinct().Count());
        Assert.Equal(ring.PreferenceList(Rings.SomeKey, 3).Primaries.Order(), order.Take(3).Order());
    }

    [Fact]
    public void A_silent_node_comes_last_for_a_while_and_for_longer_each_time()
    {
        var ring = Rings.Of(3);
        var health = new NodeHealth();
        var first = Order(TimeSpan.Zero)[0];

        health.OnSilence(first, TimeSpan.Zero);
        Assert.Equal(first, Order(Second / 2)[^1]);
        Assert.Equal(first, Order(Second)[0]);
        health.OnSilence(first, Second);
        Assert.Equal(first, Order(Second * 2.5)[^1]);
        health.OnAnswer(first);
        Assert.Equal(first, Order(Second * 2.5)[0]);

        List<NodeId> Order(TimeSpan now) => CoordinatorOrder.Of(ring, Rings.SomeKey, isRead: false, 0, health, now);
    }

    [Fact]
    public void Attempts_beyond_the_first_are_a_share_of_the_requests_and_a_few_a_second()
    {
        var budget = new RetryBudget(share: 0.1);
        Assert.Equal(10, Spend());

        for (var i = 0; i < 1000; i++) budget.OnRequest(TimeSpan.Zero);

        Assert.InRange(Spend(), 99, 101);
        Assert.False(budget.TrySpend(TimeSpan.Zero));
        Assert.True(budget.TrySpend(Second));

        int Spend()
        {
            var spent = 0;
            while (budget.TrySpend(TimeSpan.Zero)) spent++;
            return spent;
        }
    }

    [Fact]
    public void What_was_earned_long_ago_is_not_spent_at_once()
    {
        var budget = new RetryBudget(share: 0.1);
        for (var i = 0; i < 1000; i++) budget.OnRequest(TimeSpan.Zero);

        var spent = 0;
        while (budget.TrySpend(TimeSpan.FromMinutes(1))) spent++;

        Assert.InRange(spent, 1, 20);
    }

    [Fact]
    public void Slow_is_slower_than_nineteen_of_twenty()
    {
        var window = new LatencyWindow();
        var guess = window.Slow;
        for (var i = 0; i < 63; i++) window.Add(TimeSpan.FromMilliseconds(5));
        Assert.Equal(guess, window.Slow);

        window.Add(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromMilliseconds(5), window.Slow);
        for (var i = 0; i < 256; i++) window.Add(TimeSpan.FromMilliseconds(i % 10 == 0 ? 40 : 5));
        Assert.Equal(TimeSpan.FromMilliseconds(40), window.Slow);
    }

    [Theory]
    [InlineData("127.0.0.1:4053", "akka.tcp://kv@127.0.0.1:4053")]
    [InlineData("node-1.example:4053", "akka.tcp://kv@node-1.example:4053")]
    [InlineData("akka.tcp://other@10.0.0.1:99", "akka.tcp://other@10.0.0.1:99")]
    public void A_contact_point_is_a_host_and_a_port(string text, string address)
    {
        Assert.True(ContactPoint.TryParse(text, "kv", ContactPoint.Plain, out var parsed, out _));
        Assert.Equal(address, parsed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("http://localhost:80")]
    [InlineData("akka.tcp://kv")]
    [InlineData("host:port")]
    public void What_is_no_contact_point_is_said_to_be_none(string text)
    {
        var mistake = Assert.Throws<ArgumentException>(() => ContactPoint.ParseAll([text, "127.0.0.1:1"], "kv", ContactPoint.Plain));

        Assert.Contains($"'{text}' is no contact point", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ContactPoint.Tls, "h:1", "akka.ssl.tcp://kv@h:1", null)]
    [InlineData(ContactPoint.Tls, "akka.ssl.tcp://a@h:1", "akka.ssl.tcp://a@h:1", null)]
    [InlineData(ContactPoint.Tls, "akka.tcp://a@h:1", null, "is reached in the clear, and this client speaks TLS")]
    [InlineData(ContactPoint.Plain, "akka.ssl.tcp://a@h:1", null, "needs a KvClientOptions.CertificateFile")]
    public void A_contact_point_is_reached_as_this_client_speaks(string protocol, string text, string? address, string? error)
    {
        Assert.Equal(error is null, ContactPoint.TryParse(text, "kv", protocol, out var parsed, out var said));
        Assert.Equal(address, parsed?.ToString());
        Assert.Contains(error ?? "", said ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void No_contact_point_at_all_is_a_mistake_and_so_are_those_of_two_clusters()
    {
        Assert.Throws<ArgumentException>(() => ContactPoint.ParseAll([], "kv", ContactPoint.Plain));
        Assert.Throws<ArgumentException>(() => ContactPoint.ParseAll(["akka.tcp://a@h:1", "akka.tcp://b@h:1"], "kv", ContactPoint.Plain));
    }
}
