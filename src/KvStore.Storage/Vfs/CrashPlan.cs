namespace KvStore.Storage.Vfs;

/// <summary>
/// How a simulated power cut treats what was not synced. Every piece of <see cref="PieceBytes"/> (what the disk writes in one
/// go) that was written since its file's last sync, and every name that was made or removed since its directory's last sync,
/// survives with the given chance; the same seed decides in the same way.
/// </summary>
public sealed class CrashPlan(double survivingShare, int pieceBytes, int seed)
{
    private readonly Random _random = new(seed);

    public int PieceBytes { get; } = pieceBytes;

    internal bool Survives() => survivingShare >= 1 || (survivingShare > 0 && _random.NextDouble() < survivingShare);
}
