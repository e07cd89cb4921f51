namespace KvStore.EndToEnd;

/// <summary>
/// Who listens where. Classes of tests run side by side, so each cluster has a block of its own, whose number is added to all ports of its nodes.
/// <para>Invariants: (1) no port of one block is one of another's, of whatever kind: a node's doors are 1,030 and more apart, and all blocks
/// together take less; (2) all are below 32768, where the kernel takes the ports of outgoing connections from.</para>
/// </summary>
internal static class TestPorts
{
    private const int First = 20_000;

    /// <summary>Up to nine nodes; <see cref="NodeGroup"/> puts proxies 10 above them.</summary>
    private const int Block = 20;

    private static readonly string[] Owners =
    [
        nameof(ThinWholeSpec), nameof(AsRedisDoesSpec), nameof(DotnetClientSpec), nameof(DurabilitySpec), nameof(ChangeOfRingSpec),
        nameof(RealDataSpec), nameof(ChangeUnderLoadSpec), nameof(KilledUnderLoadSpec), nameof(SplitSpec), nameof(RefusedStartSpec),
        nameof(CommandsSpec), nameof(BucketsSpec), nameof(RecoverSpec), nameof(RealClientsSpec), nameof(HostileClientsSpec), nameof(SiblingsSpec),
        nameof(HealingSpec), nameof(OldestNodeSpec), nameof(StrongBucketSpec), nameof(TravellingSpec), nameof(StoppedNodeSpec),
        nameof(TlsSpec), nameof(GuardedDoorsSpec), nameof(ConsoleSpec),
    ];

    /// <param name="spec">The class whose tests, one after the other, use the block.</param>
    public static int OffsetOf(string spec)
    {
        var index = Array.IndexOf(Owners, spec);
        Assert.True(index >= 0 && Owners.Length * Block <= 1_030, $"{spec} has no block of ports: give it one in {nameof(TestPorts)}");
        return First + index * Block;
    }
}
