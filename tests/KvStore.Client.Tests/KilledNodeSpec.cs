namespace KvStore.Client.Tests;

/// <summary>A node dies under a client that is at work.</summary>
public sealed class KilledNodeSpec(SmallCluster cluster) : IClassFixture<SmallCluster>
{
    [Fact]
    public async Task With_one_node_of_three_gone_the_client_goes_on_with_the_others()
    {
        await using var client = await KvClient.ConnectAsync(
            [cluster.ContactPoint(2)], new KvClientOptions { ConnectTimeout = TimeSpan.FromSeconds(60), AttemptTimeout = TimeSpan.FromMilliseconds(500) });
        for (var i = 0; i < 30; i++) Assert.True((await client.OverwriteAsync($"k{i}", $"before {i}")).IsDone);

        await cluster.Kill(2);

        for (var i = 0; i < 30; i++)
        {
            var written = await client.OverwriteAsync($"k{i}", $"after {i}");
            // What was under way at the dead node is unknown, and safe to write again.
            if (!written.IsDone) written = await client.OverwriteAsync($"k{i}", $"after {i}");
            Assert.True(written.IsDone, $"{i}: {written.Problem}");
        }
        for (var i = 0; i < 30; i++)
        {
            var got = await client.GetAsync($"k{i}");
            Assert.True(got.IsFound, $"{i}: {got.Problem}");
            Assert.Contains($"after {i}", got.Siblings.Select(value => System.Text.Encoding.UTF8.GetString(value.Span)));
        }
    }
}
