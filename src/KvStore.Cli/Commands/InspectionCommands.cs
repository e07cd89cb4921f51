using System.CommandLine;
using KvStore.Cli.Output;
using KvStore.Data;
using KvStore.Storage;
using KvStore.Storage.Inspection;

namespace KvStore.Cli.Commands;

/// <summary>Verbs that look inside a store's files. They read only; exit code 1 says that something is damaged, foreign or missing.</summary>
internal static class InspectionCommands
{
    public static IEnumerable<Command> Create() =>
    [
        new Command("sst", "Look inside an SSTable.") { DumpTable() },
        new Command("log", "Look inside a commit log segment.") { DumpLog() },
        new Command("manifest", "Look inside a manifest.") { DumpManifest() },
        Verify(),
        Dump(),
    ];

    private static Command DumpTable()
    {
        var file = FileArgument("the table, such as 000123.sst");
        var blocks = new Option<bool>("--blocks") { Description = "list the data blocks" };
        var entries = new Option<bool>("--entries") { Description = "list the entries" };
        var command = new Command("dump", "Print a table's properties, and its blocks and entries where asked.") { file, blocks, entries };
        command.SetAction(parsed =>
            TableDump.Run(parsed.GetValue(file)!, Console.Out, parsed.GetValue(blocks), parsed.GetValue(entries)));
        return command;
    }

    private static Command DumpLog()
    {
        var file = FileArgument("the segment, such as 000123.log");
        var command = new Command("dump", "Print a segment's batches and how it ends.") { file };
        command.SetAction(parsed => CommitLogDump.Run(parsed.GetValue(file)!, Console.Out));
        return command;
    }

    private static Command DumpManifest()
    {
        var file = FileArgument("the manifest, such as MANIFEST-000004");
        var command = new Command("dump", "Print a manifest's edits and the tables that they amount to.") { file };
        command.SetAction(parsed => ManifestDump.Run(parsed.GetValue(file)!, Console.Out));
        return command;
    }

    private static Command Verify()
    {
        var directory = FileArgument("the store's directory, or a checkpoint");
        var command = new Command("verify", "Read every byte of a stopped store and say what is damaged, with file and offset.") { directory };
        command.SetAction(parsed => StoreVerification.Run(parsed.GetValue(directory)!, Console.Out));
        return command;
    }

    private static Command Dump()
    {
        var directory = FileArgument("the node's data directory");
        var partition = new Option<int?>("--partition") { Description = "this partition alone" };
        var json = new Option<bool>("--json") { Description = "a JSON object a line" };
        var command = new Command("dump", "Print what a stopped node holds: each key with its clock and its values' hashes, sorted.")
        {
            directory, partition, json,
        };
        command.SetAction(parsed =>
        {
            try
            {
                var output = parsed.GetValue(json) ? new JsonLines(Console.Out) : Console.Out;
                output.WriteLine(DataSetDump.Header);
                var keys = DataSetDump.Write(parsed.GetValue(directory)!, output, parsed.GetValue(partition));
                Console.Error.WriteLine($"{keys} keys");
                return ExitCode.Done;
            }
            catch (Exception problem) when (problem is DataSetException or StorageException)
            {
                throw new CliException(ExitCode.Failed, problem.Message);
            }
        });
        return command;
    }

    private static Argument<string> FileArgument(string description) => new("path") { Description = description };
}
