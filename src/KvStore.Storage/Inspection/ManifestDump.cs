using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Inspection;

/// <summary>Prints the edits of a manifest, and the set of tables that they amount to.</summary>
public static class ManifestDump
{
    /// <param name="path">The manifest, as in <c>MANIFEST-000004</c>.</param>
    /// <param name="output">Gets the lines.</param>
    /// <param name="fileSystem">Where it is; null: the operating system's files.</param>
    /// <returns>0: sound; 1: damaged, foreign or missing.</returns>
    public static int Run(string path, TextWriter output, IFileSystem? fileSystem = null)
    {
        fileSystem ??= RealFileSystem.Instance;
        var report = new InspectionReport(output);
        report.Try(() =>
        {
            FileNumber number = InspectionReport.NumberOf(path, StoreFileKind.Manifest);
            byte[] bytes = ManifestReader.ReadAll(fileSystem, path);
            foreach ((long offset, ManifestEdit edit) in ManifestReader.Edits(bytes, number, path))
                PrintEdit(report, offset, edit);
            PrintState(report, ManifestReader.Read(fileSystem, Path.GetDirectoryName(path)!, number));
        });
        return report.ExitCode;
    }

    private static void PrintEdit(InspectionReport report, long offset, ManifestEdit edit)
    {
        report.Line($"edit at {offset}");
        if (edit.NextFile is { } next)
            report.Line($"  next file {next}");
        if (edit.LastSequence is { } last)
            report.Line($"  last sequence #{last}");
        if (edit.FirstLog is { } log)
            report.Line($"  first log {log}");
        foreach ((int level, FileNumber removed) in edit.Removed)
            report.Line($"  remove {removed} from level {level}");
        foreach ((int level, TableInfo table) in edit.Added)
            report.Line($"  add {table.Number} to level {level}");
    }

    private static void PrintState(InspectionReport report, ManifestState state)
    {
        report.Line($"now: next file {state.NextFile}, last sequence #{state.LastSequence}, first log {state.FirstLog}");
        for (int level = 0; level < state.Tables.Depth; level++)
        {
            report.Line($"level {level}: {state.Tables.Levels[level].Length} tables, {state.Tables.BytesOf(level)} bytes");
            foreach (TableInfo table in state.Tables.Levels[level])
            {
                string span = $"{InspectionReport.Key(table.Smallest)} .. {InspectionReport.Key(table.Largest)}";
                report.Line($"  {table.Number}: {table.FileSize} bytes, {table.Entries} entries, {table.Tombstones} tombstones, "
                    + $"{table.RangeTombstones} range tombstones, {span}");
            }
        }
    }
}
