using KvStore.Client.Sessions;

namespace KvStore.Client;

/// <summary>
/// A line of reads and writes that see each other: a read in it sees every write that was done in it before (read your writes), and never
/// less than an earlier read in it has shown (monotonic reads), whichever nodes answer. Hand it in with <see cref="GetOptions.Session"/> and
/// <see cref="PutOptions.Session"/>. Any thread; what runs at the same time is in no order.
/// <para>A read that cannot meet this is answered <see cref="ReadStatus.BehindSession"/>. After Terry et al., "Session Guarantees for Weakly
/// Consistent Replicated Data" (1994).</para>
/// </summary>
public sealed class KvSession
{
    /// <summary>Keys that a session remembers unless it is made with another number.</summary>
    public const int DefaultCapacity = 10_000;

    /// <param name="capacity">
    /// How many keys it remembers; for those used longest ago beyond that it promises no more than the quorum does.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public KvSession(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Memory = new SessionMemory(capacity);
    }

    /// <summary>How many keys it remembers now.</summary>
    public int Count => Memory.Count;

    internal SessionMemory Memory { get; }
}
