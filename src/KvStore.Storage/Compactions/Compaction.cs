using KvStore.Storage.Format;

namespace KvStore.Storage.Compactions;

/// <summary>What a compaction does with its tables.</summary>
internal enum CompactionKind
{
    /// <summary>Merges them into new tables of the output level.</summary>
    Merge,

    /// <summary>Puts the one table into the output level as it is: nothing there overlaps it.</summary>
    Move,

    /// <summary>Deletes them: a range tombstone covers all they hold, and no snapshot sees it.</summary>
    Drop,
}

/// <summary>One decision of the picker.</summary>
internal sealed record Compaction(CompactionKind Kind, int Level, int OutputLevel, TableInfo[] Inputs, TableInfo[] Overlapped)
{
    internal IEnumerable<TableInfo> All => Inputs.Concat(Overlapped);

    internal long InputBytes => All.Sum(table => table.FileSize);
}
