using System.Diagnostics;
using System.Text;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Node.Settings;

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
    public async Task The_largest_value_that_a_node_can_be_set_to_take_is_written_and_read_whole()
    {
        await using var client = await KvClient.ConnectAsync([cluster.ContactPoint(0)], new KvClientOptions
        {
            ConnectTimeout = TimeSpan.FromSeconds(60),
            RequestTimeout = TimeSpan.FromSeconds(30),
            AttemptTimeout = TimeSpan.FromSeconds(20),
            MaxValueBytes = LimitSettings.LargestValue,
        });
        var value = new byte[LimitSettings.LargestValue];
        new Random(7).NextBytes(value);
        var written = await client.OverwriteAsync(Key.Of("largest"), value);
        Assert.True(written.IsDone, written.Problem);
        var read = await client.GetAsync("largest");
        Assert.True(value.AsSpan().SequenceEqual(read.Value.Span));
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
    public async Task Many_keys_are_written_and_read_at_once_each_for_itself()
    {
        var keys = Enumerable.Range(0, 200).Select(i => Key.Of($"many-{i}")).ToList();
        var written = await _client.OverwriteManyAsync(keys.Select(key => KeyValuePair.Create(key, key.Memory)));
        Assert.Equal(200, written.Count(result => result.Value.IsDone));

        var read = await _client.GetManyAsync([.. keys, Key.Of("many-absent"), keys[0]]);
        Assert.Equal(201, read.Count);
        Assert.All(keys, key => Assert.Equal(key.ToString(), read[key].Text));
        Assert.Equal(ReadStatus.Absent, read[Key.Of("many-absent")].Status);

        var tooMany = await Assert.ThrowsAsync<ArgumentException>(
            () => _client.GetManyAsync(Enumerable.Range(0, 1001).Select(i => Key.Of($"{i}"))));
        Assert.Contains("at most 1000 keys; this one has 1001. Nothing was sent.", tooMany.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetManyAsync([default]));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.OverwriteManyAsync(
            [KeyValuePair.Create(keys[0], keys[0].Memory), KeyValuePair.Create(keys[0], keys[1].Memory)]));
    }

    [Fact]
    public async Task A_strong_bucket_is_made_used_emptied_and_dropped()
    {
        var name = BucketName.Create("locks");
        Assert.Equal("", (await _client.CreateBucketAsync(name, BucketPolicy.Strong)).Problem);
        Assert.Contains("There is a bucket 'locks' already", (await _client.CreateBucketAsync(name)).Problem, StringComparison.Ordinal);
        Assert.Equal(BucketPolicy.Strong, Assert.Single(await _client.GetBucketsAsync(), bucket => bucket.Name == name).Policy);

        var locks = _client.Strong(name);
        Assert.Equal((StrongStatus.Done, null, 0UL), Shown(await locks.GetAsync("door")));
        Assert.Equal((StrongStatus.Done, "anna", 1UL), Shown(await locks.CompareAndSetAsync("door", 0, "anna")));
        Assert.Equal((StrongStatus.Mismatch, "anna", 1UL), Shown(await locks.CompareAndSetAsync("door", 0, "bert")));
        Assert.Equal((StrongStatus.Done, "bert", 2UL), Shown(await locks.PutAsync("door", "bert")));
        Assert.Equal(StrongStatus.Mismatch, (await locks.DeleteAsync("door", expectedVersion: 1)).Status);
        Assert.Equal((StrongStatus.Done, null, 3UL), Shown(await locks.DeleteAsync("door")));
        await locks.PutAsync("gate", "carl");

        Assert.True((await _client.EmptyBucketAsync(name)).IsDone);
        Assert.Equal((StrongStatus.Done, null, 0UL), Shown(await locks.GetAsync("gate")));
        Assert.True((await _client.DropBucketAsync(name)).IsDone);
        Assert.Contains("There is no bucket 'locks'", (await locks.GetAsync("gate")).Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(await _client.GetBucketsAsync(), bucket => bucket.Name == name);
    }

    [Fact]
    public async Task A_bucket_is_altered_and_its_N_is_not()
    {
        var name = BucketName.Create("altered");
        Assert.True((await _client.CreateBucketAsync(name, BucketPolicy.LastWriterWins)).IsDone);
        Assert.True((await _client.AlterBucketAsync(name, Quorum.Create(3, 1, 3), TimeSpan.FromHours(1))).IsDone);
        var refused = await _client.AlterBucketAsync(name, Quorum.Create(2, 1, 1), null);
        Assert.Equal(WriteStatus.NotDone, refused.Status);
        Assert.Contains("N of 'altered' is 3 and cannot become 2", refused.Problem, StringComparison.Ordinal);
        var altered = (await _client.GetBucketsAsync()).Single(bucket => bucket.Name == name);
        Assert.Equal((Quorum.Create(3, 1, 3), TimeSpan.FromHours(1)), (altered.Quorum, altered.DefaultTtl!.Value));
    }

    [Fact]
    public async Task A_key_of_the_wrong_kind_of_bucket_is_refused_in_words()
    {
        var result = await _client.Strong(BucketName.Default).PutAsync("k", "v");
        Assert.Equal(StrongStatus.NotDone, result.Status);
        Assert.Equal("Bucket 'default' is not strong: its keys are no registers. Nothing was done. Nothing was changed.", result.Problem);
    }

    private static (StrongStatus, string?, ulong) Shown(StrongResult result) => (result.Status, result.Text, result.Version);

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
