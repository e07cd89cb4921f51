using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Inspection;

/// <summary>Prints what an SSTable says of itself, its blocks and, if asked, its entries; then checks all of it.</summary>
public static class TableDump
{
    /// <param name="path">The table; its name must carry its number, as in <c>000123.sst</c>.</param>
    /// <param name="output">Gets the lines.</param>
    /// <param name="blocks">Whether to list the data blocks.</param>
    /// <param name="entries">Whether to list the entries.</param>
    /// <param name="fileSystem">Where it is; null: the operating system's files.</param>
    /// <returns>0: sound; 1: damaged, foreign or missing.</returns>
    public static int Run(
        string path, TextWriter output, bool blocks = false, bool entries = false, IFileSystem? fileSystem = null)
    {
        fileSystem ??= RealFileSystem.Instance;
        var report = new InspectionReport(output);
        report.Try(() =>
        {
            FileNumber number = InspectionReport.NumberOf(path, StoreFileKind.Table);
            using TableReader table = TableReader.Open(fileSystem, path, number, null);
            PrintProperties(report, table);
            if (blocks)
                PrintBlocks(report, table);
            if (entries)
                PrintEntries(report, table);
            table.Verify();
            report.Line("sound: every checksum, the order of keys, the index, the filter and the properties");
        });
        return report.ExitCode;
    }

    private static void PrintProperties(InspectionReport report, TableReader table)
    {
        TableInfo info = table.Info;
        report.Line($"table {info.Number}, {info.FileSize} bytes");
        foreach ((string name, ulong number, byte[]? bytes) in table.Properties.Fields())
            report.Line($"  {name,-20} {(bytes is null ? number : InspectionReport.Key(bytes))}");
        foreach (RangeTombstone tombstone in table.RangeTombstones)
        {
            string begin = InspectionReport.Printable(tombstone.Begin), end = InspectionReport.Printable(tombstone.End);
            report.Line($"range-delete [{begin}, {end}) #{tombstone.Sequence}");
        }
    }

    private static void PrintBlocks(InspectionReport report, TableReader table)
    {
        IndexCursor index = table.NewIndexCursor(fillCache: false);
        try
        {
            for (index.SeekToFirst(); index.Valid; index.Next())
            {
                BlockLocation block = index.Block;
                report.Line($"block at {block.Offset}, {block.Size} bytes, up to {InspectionReport.Key(index.Separator)}");
            }
        }
        finally
        {
            index.Dispose();
        }
    }

    private static void PrintEntries(InspectionReport report, TableReader table)
    {
        using InternalIterator iterator = table.NewIterator(fillCache: false, sequential: true);
        for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
            report.Line($"{InspectionReport.Key(iterator.Key)} = {InspectionReport.Printable(iterator.Value)}");
    }
}
