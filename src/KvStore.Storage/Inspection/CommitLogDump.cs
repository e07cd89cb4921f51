using KvStore.Storage.CommitLog;
using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Inspection;

/// <summary>Prints the batches of one commit log segment and how the segment ends.</summary>
public static class CommitLogDump
{
    /// <param name="path">The segment; its name must carry its number, as in <c>000123.log</c>.</param>
    /// <param name="output">Gets the lines.</param>
    /// <param name="operations">Whether to list what each batch does.</param>
    /// <param name="fileSystem">Where it is; null: the operating system's files.</param>
    /// <returns>0: sound (a torn tail is sound: none of it was acknowledged); 1: damaged, foreign or missing.</returns>
    public static int Run(string path, TextWriter output, bool operations = true, IFileSystem? fileSystem = null)
    {
        fileSystem ??= RealFileSystem.Instance;
        var report = new InspectionReport(output);
        report.Try(() =>
        {
            FileNumber number = InspectionReport.NumberOf(path, StoreFileKind.CommitLog);
            Print(report, ManifestReader.ReadAll(fileSystem, path), number, path, operations);
        });
        return report.ExitCode;
    }

    internal static long Print(
        InspectionReport report, byte[] bytes, FileNumber number, string path, bool operations, bool batches = true)
    {
        var reader = new SegmentReader(bytes, number, path);
        long count = 0;
        long offset = reader.Offset;
        while (reader.TryRead(out SequenceNumber first, out int stated, out ReadOnlySpan<byte> payload))
        {
            if (batches)
                report.Line($"batch at {offset}: {stated} operations from #{first}");
            int found = PrintOperations(report, payload, first, operations && batches);
            if (found != stated)
                throw new CorruptionException(path, offset, $"a batch of {stated} operations holds {found}");
            count += found;
            offset = reader.Offset;
        }
        string end = reader.End switch
        {
            SegmentEnd.Finished => "finished in order",
            SegmentEnd.Torn => "ends in an unfinished write, which nobody was promised",
            _ => "ends cleanly",
        };
        report.Line($"segment {number}: {count} operations, {end} at {reader.Offset}");
        return count;
    }

    private static int PrintOperations(InspectionReport report, ReadOnlySpan<byte> payload, SequenceNumber first, bool print)
    {
        int count = 0;
        while (Operations.TryRead(ref payload, out ValueKind kind, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            SequenceNumber sequence = first + (ulong)count++;
            if (!print)
                continue;
            string what = $"  #{sequence} {InspectionReport.KindName(kind)}";
            string text = InspectionReport.Printable(key), other = InspectionReport.Printable(value);
            report.Line(kind switch
            {
                ValueKind.Delete => $"{what} {text}",
                ValueKind.RangeDelete => $"{what} [{text}, {other})",
                _ => $"{what} {text} = {other}",
            });
        }
        return payload.IsEmpty ? count : -1;
    }
}
