using System.Globalization;
using KvStore.Core.Causality;
using KvStore.Core.Placement;
using KvStore.Storage;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Vfs;

namespace KvStore.Data;

/// <summary>
/// Prints what a stopped node holds, one line a key, sorted by partition and name: two nodes that hold the same print the same lines.
/// </summary>
public static class DataSetDump
{
    /// <summary>The columns of a line, separated by tabs.</summary>
    public const string Header = "partition\tbucket\tkey\tclock\tversions\tvalues";

    /// <param name="directory">The node's data directory. Its files are read and left as they are.</param>
    /// <param name="output">Gets the lines.</param>
    /// <param name="only">Prints this partition alone; null for all.</param>
    /// <returns>How many keys.</returns>
    /// <exception cref="DataSetException">It holds no node's data.</exception>
    /// <exception cref="StorageException">It is in use, missing, or damaged.</exception>
    public static long Write(string directory, TextWriter output, int? only = null)
    {
        using var store = OpenUntouched(Path.GetFullPath(directory));
        if (DataSet.ReadIdentity(store, directory) is null)
            throw new DataSetException($"{directory} is empty: no node has held data there.");
        using var iterator = store.NewIterator(new IterateOptions { FillCache = false });
        long keys = 0;
        for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
        {
            if (!DataKeys.TryReadState(iterator.Key, out var partition, out var name) || (only is { } wanted && wanted != partition.Value))
                continue;
            if (!SiblingSetCodec.TryRead(iterator.Value.ToArray(), out var set))
                throw new DataSetException($"{directory}: what is kept under {name} in {partition} is no state. Nothing was changed.");
            output.WriteLine(Line(partition.Value, name.Bucket.Value, name.Key.ToString(), set));
            keys++;
        }

        return keys;
    }

    /// <summary>Whatever the engine would do in the background is left undone: it would do it in memory.</summary>
    private static LsmStore OpenUntouched(string directory) => LsmStore.Open(directory, new EngineOptions
    {
        CreateIfMissing = false,
        FileSystem = new UntouchedFileSystem(RealFileSystem.Instance),
        Scheduler = () => new ManualScheduler(),
        ReserveBytes = 0,
    });

    private static string Line(int partition, string bucket, string key, SiblingSet set)
    {
        var versions = set.Siblings.ToArray();
        return string.Create(CultureInfo.InvariantCulture,
            $"{partition}\t{bucket}\t{key}\t{set.Context}\t{string.Join(' ', versions.Select(v => v.Dot))}\t")
            + string.Join(' ', versions.Select(v => v.IsTombstone ? "deleted" : StableHash.Of(v.Value.Span).ToString("x16", CultureInfo.InvariantCulture)));
    }
}
