using System.Diagnostics;
using System.Text;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Client.Tests;

/// <summary>The client and whole nodes, over loopback TCP.</summary>
public sealed class KvClientSpec(SmallCluster cluster) : IClassFixture<SmallCluster>, IAsyncLifetime
{
    private KvClient _client = null!;

    public async Task InitializeAsync() => _client = await KvClient.ConnectAsync(
        [cluster.ContactPoint(0)], new KvClientOptions { ConnectTimeout = TimeSpan.FromSeconds(60) });

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task It_learns_the_ring_through_any_one_node()
    {
        var ring = await _client.GetRingAsync();

        Assert.Equal(3, ring.Members.Length);
    }

    [Fact]
    public async Task What_is_written_is_read_until_it_is_deleted()
    {
        Assert.True((await _client.OverwriteAsync("fruit", "apple")).IsDone);
        Assert.Equal("apple", (await _client.GetAsync("fruit")).Text);
        Assert.True((await _client.OverwriteAsync("fruit", "pear")).IsDone);
        Assert.Equal("pear", (await _client.GetAsync("fruit")).Text);
        Assert.True((await _client.DeleteAsync("fruit")).IsDone);
        Assert.Equal(ReadStatus.Absent, (await _client.GetAsync("fruit")).Status);
    }

    [Fact]
    public async Task Writes_without_a_context_are_siblings_and_one_with_the_context_of_both_resolves_them()
    {
        Assert.True((await _client.PutAsync("cart", "bread")).IsDone);
        Assert.True((await _client.PutAsync("cart", "milk")).IsDone);
        var both = await _client.GetAsync("cart");
        Assert.Equal(["bread", "milk"], both.Siblings.Select(value => Encoding.UTF8.GetString(value.Span)).Order());
        Assert.Contains("2 siblings", Assert.Throws<InvalidOperationException>(() => both.Text).Message, StringComparison.Ordinal);

        Assert.True((await _client.PutAsync("cart", "bread, milk", both.Context)).IsDone);

        Assert.Equal("bread, milk", (await _client.GetAsync("cart")).Text);
    }

    [Fact]
    public async Task A_write_goes_on_from_the_one_before_by_its_context()
    {
        var first = await _client.PutAsync("chain", "one");
        var second = await _client.PutAsync("chain", "two", first.Context);

        Assert.True(second.IsDone);
        Assert.Equal("two", (await _client.GetAsync("chain")).Text);
    }

    [Fact]
    public async Task A_context_of_another_key_is_refused_and_nothing_is_written()
    {
        await _client.OverwriteAsync("mine", "a");
        var other = await _client.GetAsync("mine");

        var result = await _client.PutAsync("yours", "b", other.Context);

        Assert.Equal(WriteStatus.NotDone, result.Status);
        Assert.Contains("was not made for this key", result.Problem, StringComparison.Ordinal);
        Assert.Equal(ReadStatus.Absent, (await _client.GetAsync("yours")).Status);
    }

    [Fact]
    public async Task The_answer_says_who_stands_for_it_and_the_request_may_name_its_own_numbers()
    {
        var all = new PutOptions { Quorum = Quorum.Create(3, 2, 3, sloppy: false) };

        var written = await _client.OverwriteAsync("sure", "x", all);

        Assert.True(written.IsDone, written.Problem);
        Assert.Equal(3, written.Tally.Primaries);
        Assert.True((await _client.GetAsync("sure", new GetOptions { Quorum = Quorum.Create(3, 3, 2, sloppy: false) })).IsFound);
    }

    [Fact]
    public async Task A_session_reads_what_it_has_written_a_thousand_times()
    {
        var session = new KvSession();
        for (var i = 0; i < 1000; i++)
        {
            var key = $"session-{i % 10}";
            await _client.OverwriteAsync(key, $"{i}", new PutOptions { Session = session, Quorum = Quorum.Create(3, 1, 1) });
            var got = await _client.GetAsync(key, new GetOptions { Session = session, Quorum = Quorum.Create(3, 1, 1) });
            Assert.True(got.IsFound, $"{i}: {got.Status} {got.Problem}");
            Assert.Contains($"{i}", got.Siblings.Select(value => Encoding.UTF8.GetString(value.Span)));
        }
    }

    [Fact]
    public async Task Keys_and_values_out_of_bounds_are_mistakes_of_the_caller_and_nothing_is_sent()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetAsync(new string('k', 2049)));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetAsync(default(Key)));
        var mistake = await Assert.ThrowsAsync<ArgumentException>(() => _client.OverwriteAsync("k", new string('v', 1024 * 1024 + 1)));
        Assert.Contains("1048577 bytes", mistake.Message, StringComparison.Ordinal);
        Assert.True((await _client.OverwriteAsync("large", new string('v', 1024 * 1024))).IsDone);
    }

    [Fact]
    public async Task Where_nobody_is_connecting_fails_with_what_to_do()
    {
        var problem = await Assert.ThrowsAsync<KvConnectException>(() =>
            KvClient.ConnectAsync(["127.0.0.1:1"], new KvClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(500) }));

        Assert.Contains("akka.tcp://kv@127.0.0.1:1", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_example_does_what_it_says()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "QuickStart.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, cluster.ContactPoint(1)]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(
            """
            overwrite: Done
            fruit is apple, says primaries
            put with context: Done
            basket has 2 siblings: bread and milk
            merge: Done
            basket is bread, milk
            visits is 1
            fruit is Absent

            """,
            string.Join('\n', output.Split('\n').Select(line => line.Split(" 2,")[0].Split(" 3,")[0])));
        Assert.Equal(0, process.ExitCode);
    }
}
