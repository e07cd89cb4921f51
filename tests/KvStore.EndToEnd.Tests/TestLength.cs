namespace KvStore.EndToEnd;

/// <summary>How much a test does: the usual, or with KV_TEST_LONG=1 (./kv test --long) at full length.</summary>
internal static class TestLength
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("KV_TEST_LONG") is not null;

    public static int Of(int usual, int full) => IsLong ? full : usual;
}
