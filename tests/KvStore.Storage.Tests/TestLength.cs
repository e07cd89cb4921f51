namespace KvStore.Storage.Tests;

/// <summary>How much of a long test is run: the environment variable KV_TEST_LONG=1 asks for all.</summary>
internal static class TestLength
{
    internal static bool IsLong => Environment.GetEnvironmentVariable("KV_TEST_LONG") == "1";

    internal static int Of(int fast, int full) => IsLong ? full : fast;
}
