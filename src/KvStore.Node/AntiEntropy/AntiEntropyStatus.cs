namespace KvStore.Node.AntiEntropy;

/// <summary>Where one node is with comparing, for operators. A pair is a partition held here, and another owner of it.</summary>
/// <param name="Pairs">How many there are.</param>
/// <param name="Equal">Pairs whose last exchange, begun by this node, found nothing that differed.</param>
/// <param name="Differing">Pairs whose last exchange found differences, and brought them over.</param>
/// <param name="Failing">Pairs whose last exchange did not come to its end; it is tried again.</param>
/// <param name="Done">Exchanges that were completed since the start, those begun by others among them.</param>
/// <param name="Failed">Exchanges that were not.</param>
/// <param name="KeysSent">Keys that the other side lacked.</param>
/// <param name="KeysReceived">Keys that this node lacked.</param>
/// <param name="Tombstones">Deleted keys that were not forgotten yet when last looked at.</param>
/// <param name="Reaped">Deleted keys forgotten since the start, in rounds begun by this node.</param>
public sealed record AntiEntropyStatus(
    int Pairs, int Equal, int Differing, int Failing, long Done, long Failed, long KeysSent, long KeysReceived, long Tombstones, long Reaped);
