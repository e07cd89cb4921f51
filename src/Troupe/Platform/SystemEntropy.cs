namespace Troupe.Platform;

/// <summary>The process's own unseeded generator.</summary>
internal sealed class SystemEntropy : IEntropy
{
    public long NextInt64() => Random.Shared.NextInt64(long.MinValue, long.MaxValue);

    public int Next(int exclusiveMax) => Random.Shared.Next(exclusiveMax);
}
