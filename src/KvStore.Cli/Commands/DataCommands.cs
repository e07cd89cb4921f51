using System.Buffers.Text;
using System.CommandLine;
using System.Text;
using System.Text.Unicode;
using KvStore.Cli.Nodes;
using KvStore.Cli.Output;
using KvStore.Client;
using KvStore.Core.Identity;

namespace KvStore.Cli.Commands;

/// <summary>kv put, get and delete: one key, through the .NET client.</summary>
internal static class DataCommands
{
    public static IEnumerable<Command> Create() => [Put(), Get(), Delete()];

    private static Command Put()
    {
        var (name, request) = (new KeyNameArguments(), new RequestOptions(isRead: false));
        var value = new Argument<string>("value") { Description = "the value; - reads it from stdin" };
        var context = ContextOption();
        var sibling = new Option<bool>("--sibling") { Description = "beside what is there, not in place of it" };
        var ttl = new Option<double?>("--ttl") { Description = "how long it lives, in seconds" };
        return NodeVerb.Create(
            "put", "Write a key in place of what is there; with --context in place of what was read and nothing else.",
            async visit =>
            {
                var parsed = visit.Parsed;
                var (key, token) = (KeyOf(name, parsed), TokenOf(parsed.GetValue(context)));
                var bytes = await ValueOf(parsed.GetValue(value)!, visit.Cancelled);
                var options = request.Put(name, parsed) with { ExpiresAt = ExpiryOf(parsed.GetValue(ttl)) };
                return await Write(visit, request.Timeout(parsed), client => parsed.GetValue(sibling) || !token.IsNone
                    ? client.PutAsync(key, bytes, token, options, visit.Cancelled)
                    : client.OverwriteAsync(key, bytes, options, visit.Cancelled));
            },
            [.. name.All, value, context, sibling, ttl, .. request.All]);
    }

    private static Command Delete()
    {
        var (name, request, context) = (new KeyNameArguments(), new RequestOptions(isRead: false), ContextOption());
        return NodeVerb.Create(
            "delete", "Delete a key: what is there, or with --context what was read and nothing else.",
            visit =>
            {
                var parsed = visit.Parsed;
                var (key, token) = (KeyOf(name, parsed), TokenOf(parsed.GetValue(context)));
                return Write(visit, request.Timeout(parsed), client => client.DeleteAsync(key, token, request.Put(name, parsed), visit.Cancelled));
            },
            [.. name.All, context, .. request.All]);
    }

    private static Command Get()
    {
        var (name, request) = (new KeyNameArguments(), new RequestOptions(isRead: true));
        var raw = new Option<bool>("--raw") { Description = "the value's bytes and nothing else, not even an end of line" };
        return NodeVerb.Create(
            "get", "Read a key: its value, or several where writes were concurrent. Exit code 5 when it is not there.",
            async visit =>
            {
                var parsed = visit.Parsed;
                var key = KeyOf(name, parsed);
                await using var client = await DataAccess.Connect(visit, request.Timeout(parsed));
                var result = await client.GetAsync(key, request.Get(name, parsed), visit.Cancelled);
                return await Show(visit, result, parsed.GetValue(raw));
            },
            [.. name.All, raw, .. request.All]);
    }

    private static async Task<int> Write(Visit visit, TimeSpan timeout, Func<KvClient, Task<WriteResult>> write)
    {
        await using var client = await DataAccess.Connect(visit, timeout);
        WriteResult result;
        try
        {
            result = await write(client);
        }
        catch (ArgumentException problem)
        {
            throw new CliException(ExitCode.Usage, problem.Message);
        }
        if (visit.WantsJson)
            Json.Write(new
            {
                schema = 1,
                outcome = result.Status switch { WriteStatus.Done => "done", WriteStatus.NotDone => "refused", _ => "unknown" },
                message = result.Problem,
                context = result.Context.ToString(),
                tally = Tally(result.Tally),
                attempts = result.Attempts,
            });
        else if (result.IsDone) Console.WriteLine("OK");
        if (result.IsDone) return ExitCode.Done;
        var code = result.Status == WriteStatus.NotDone ? ExitCode.Failed : ExitCode.Unknown;
        return visit.WantsJson ? code : throw new CliException(code, result.Problem);
    }

    private static async Task<int> Show(Visit visit, ReadResult result, bool raw)
    {
        var code = result.IsFound ? ExitCode.Done : result.IsKnown ? ExitCode.Absent : ExitCode.Failed;
        if (visit.WantsJson)
        {
            Json.Write(new
            {
                schema = 1,
                found = result.IsFound,
                known = result.IsKnown,
                message = result.Problem,
                values = result.Siblings.Select(Shown),
                context = result.Context.ToString(),
                tally = Tally(result.Tally),
                attempts = result.Attempts,
            });
            return code;
        }
        if (!result.IsKnown) throw new CliException(code, result.Problem);
        if (raw && result.Siblings.Count > 1)
            throw new CliException(
                ExitCode.Failed, $"there are {result.Siblings.Count} siblings, and --raw prints one value; nothing was printed. Read it without --raw.");
        await using var output = Console.OpenStandardOutput();
        foreach (var value in result.Siblings)
        {
            await output.WriteAsync(value, visit.Cancelled);
            if (!raw) await output.WriteAsync("\n"u8.ToArray(), visit.Cancelled);
        }
        if (result.Siblings.Count == 0) NodeVerb.Remark("kv: the key is not there.");
        if (result.Siblings.Count > 1)
            NodeVerb.Remark($"{result.Siblings.Count} siblings: merge them, and write the result with --context {result.Context}");
        return code;
    }

    private static object Shown(ReadOnlyMemory<byte> value) => Utf8.IsValid(value.Span)
        ? new { text = Encoding.UTF8.GetString(value.Span) }
        : new { base64 = Convert.ToBase64String(value.Span) };

    private static object Tally(Core.Coordination.OperationTally tally) => new
    {
        primaries = tally.Primaries,
        fallbacks = tally.Fallbacks,
        durable = tally.Durable,
        hints = tally.Hints,
        failed = tally.Failed,
    };

    private static Key KeyOf(KeyNameArguments name, ParseResult parsed) => Key.TryCreate(name.Bytes(parsed), out var key, out var wrong)
        ? key
        : throw new CliException(ExitCode.Usage, $"{wrong} Nothing was done.");

    private static Option<string?> ContextOption() =>
        new("--context") { Description = "the context that kv get --json or kv put --json gave: what was read is superseded, and nothing else" };

    private static CausalToken TokenOf(string? text)
    {
        if (string.IsNullOrEmpty(text)) return CausalToken.None;
        return Base64Url.IsValid(text)
            ? CausalToken.FromBytes(Base64Url.DecodeFromChars(text))
            : throw new CliException(ExitCode.Usage, "--context takes the text that kv get --json gave as context, unchanged. Nothing was done.");
    }

    private static DateTimeOffset? ExpiryOf(double? seconds) => seconds switch
    {
        null => null,
        > 0 and < 1e9 => DateTimeOffset.UtcNow.AddMilliseconds(Math.Round(seconds.Value * 1000)),
        _ => throw new CliException(ExitCode.Usage, "--ttl takes seconds above zero. Nothing was written."),
    };

    private static async Task<ReadOnlyMemory<byte>> ValueOf(string text, CancellationToken cancelled)
    {
        if (text != "-") return Encoding.UTF8.GetBytes(text);
        using var whole = new MemoryStream();
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(whole, cancelled);
        return whole.ToArray();
    }
}
