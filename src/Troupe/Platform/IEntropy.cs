namespace Troupe.Platform;

/// <summary>Randomness: uids, generated names, random routees, jitter. Safe from any thread.</summary>
public interface IEntropy
{
    long NextInt64();

    /// <summary>Uniform in [0, <paramref name="exclusiveMax"/>).</summary>
    int Next(int exclusiveMax);
}
