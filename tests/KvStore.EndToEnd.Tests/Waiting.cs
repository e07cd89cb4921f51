namespace KvStore.EndToEnd;

/// <summary>Waits for what real processes do in their own time.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Asks until it is so; fails with <paramref name="what"/> when it never is.</summary>
    public static async Task Until(Func<Task<bool>> holds, string what)
    {
        using var tooLong = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await holds())
        {
            try
            {
                await pace.WaitForNextTickAsync(tooLong.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within {Patience.TotalSeconds} s: {what}");
            }
        }
    }

    /// <summary>Has every node compare all it holds with all others, until each comparison finds nothing.</summary>
    public static async Task UntilTreesAreEqual(IEnumerable<HttpDoor> nodes)
    {
        foreach (var node in nodes) await node.Post("repair");
        foreach (var node in nodes)
        {
            await Until(
                async () => await node.Get("anti-entropy") is var trees
                    && trees.GetProperty("equal").GetInt64() == trees.GetProperty("pairs").GetInt64(),
                "a node's trees equal the others'");
        }
    }

    /// <summary>Until nothing waits for an owner that was away.</summary>
    public static async Task UntilHintsAreDelivered(IEnumerable<HttpDoor> nodes)
    {
        foreach (var node in nodes) await Until(async () => await node.Number("hints", "hints") == 0, "hints are delivered");
    }
}
