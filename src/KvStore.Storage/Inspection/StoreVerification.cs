using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Tables;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Inspection;

/// <summary>
/// Reads every byte of a store that nobody has open, and says of each file whether it is sound. It goes on after damage, so that
/// one run tells all of it; it repairs nothing.
/// </summary>
public static class StoreVerification
{
    /// <param name="directory">The store's directory, or a checkpoint.</param>
    /// <param name="output">Gets a line for each file, and a last one with the outcome.</param>
    /// <param name="fileSystem">Where it is; null: the operating system's files.</param>
    /// <returns>0: sound; 1: damaged, foreign, missing or in use.</returns>
    public static int Run(string directory, TextWriter output, IFileSystem? fileSystem = null)
    {
        fileSystem ??= RealFileSystem.Instance;
        var report = new InspectionReport(output);
        report.Try(() =>
        {
            using IDisposable? held = LockUnlessNobodyCould(fileSystem, directory);
            FileNumber manifest = ManifestReader.ReadCurrent(fileSystem, directory)
                ?? throw new UnsupportedFormatException(
                    $"{directory}/{FileNames.Current}", "it does not exist, so the directory holds no store");
            ManifestState state = ManifestReader.Read(fileSystem, directory, manifest);
            report.Line($"{FileNames.Manifest(manifest)}: sound, {state.Tables.All.Count()} tables");
            VerifyTables(report, fileSystem, directory, state.Tables);
            VerifyLogs(report, fileSystem, directory, state.FirstLog);
        });
        report.Line(report.ExitCode == InspectionReport.Sound ? "sound" : "damaged: see above. Nothing was changed.");
        return report.ExitCode;
    }

    // A checkpoint has no lock file, and to look must not make one.
    private static IDisposable? LockUnlessNobodyCould(IFileSystem fileSystem, string directory)
    {
        string path = $"{directory}/{FileNames.Lock}";
        return fileSystem.Exists(path) ? fileSystem.Lock(path) : null;
    }

    private static void VerifyTables(InspectionReport report, IFileSystem fileSystem, string directory, TableSet tables)
    {
        for (int level = 0; level < tables.Depth; level++)
        {
            foreach (TableInfo table in tables.Levels[level])
            {
                string path = $"{directory}/{FileNames.Table(table.Number)}";
                string place = $"{FileNames.Table(table.Number)} (level {level})";
                if (report.Try(() => VerifyTable(fileSystem, path, table)))
                    report.Line($"{place}: sound, {table.Entries} entries, {table.FileSize} bytes");
            }
        }
    }

    private static void VerifyTable(IFileSystem fileSystem, string path, TableInfo listed)
    {
        using TableReader table = TableReader.Open(fileSystem, path, listed.Number, null);
        table.Verify();
        TableInfo found = table.Info;
        if (found.FileSize != listed.FileSize || found.Entries != listed.Entries
            || found.RangeTombstones != listed.RangeTombstones
            || InternalKey.Compare(found.Smallest, listed.Smallest) < 0 || InternalKey.Compare(found.Largest, listed.Largest) > 0)
            throw new CorruptionException(path, 0, "the table is sound, but not the one that the manifest lists");
    }

    private static void VerifyLogs(InspectionReport report, IFileSystem fileSystem, string directory, FileNumber firstLog)
    {
        foreach (string name in fileSystem.List(directory).Order(StringComparer.Ordinal))
        {
            if (!FileNames.TryParse(name, out StoreFileKind kind, out FileNumber number)
                || kind != StoreFileKind.CommitLog || number.Value < firstLog.Value)
                continue;
            string path = $"{directory}/{name}";
            report.Try(() =>
            {
                byte[] bytes = ManifestReader.ReadAll(fileSystem, path);
                CommitLogDump.Print(report, bytes, number, path, operations: false, batches: false);
            });
        }
    }
}
