using KvStore.Storage.Format;
using KvStore.Storage.Manifests;

namespace KvStore.Storage.Compactions;

/// <summary>The tables below a compaction's output: may they hold a key? For keys asked in ascending order.</summary>
internal sealed class DeeperTables(TableSet tables, int outputLevel)
{
    private readonly int[] _next = new int[TableSet.LevelCount];

    internal bool MayHold(ReadOnlySpan<byte> userKey)
    {
        for (int level = outputLevel + 1; level < tables.Depth; level++)
        {
            TableInfo[] run = tables.Levels[level];
            ref int at = ref _next[level];
            while (at < run.Length && InternalKey.UserKey(run[at].Largest).SequenceCompareTo(userKey) < 0)
                at++;
            if (at < run.Length && InternalKey.UserKey(run[at].Smallest).SequenceCompareTo(userKey) <= 0)
                return true;
        }

        return false;
    }

    internal bool MayHold(byte[] begin, byte[] end) =>
        Enumerable.Range(outputLevel + 1, Math.Max(0, tables.Depth - outputLevel - 1))
            .Any(level => tables.Overlapping(level, begin, end).Any());
}
