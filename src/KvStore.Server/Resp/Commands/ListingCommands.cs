using System.Buffers.Text;
using KvStore.Core.Buckets;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>Commands on all keys of the connection's bucket, wherever in the cluster they are.</summary>
internal static class ListingCommands
{
    /// <summary>What KEYS answers at most: it is held in memory until it is sent.</summary>
    public const int MaxKeys = 100_000;

    /// <summary>Pages that one SCAN asks for at most before it answers with what it has, be it nothing.</summary>
    private const int PagesOfScan = 32;

    private const CommandFlags Reads = CommandFlags.ReadOnly | CommandFlags.TouchesAnyKey;

    private static readonly RespReply.Error TooMany = new("ERR",
        $"more than {MaxKeys} keys or {RespLimits.MaxReplyBytes} bytes of them match, and so many are not answered at once; nothing was changed. "
        + "Use SCAN with MATCH.");

    public static IEnumerable<RespCommandInfo> All(KeySpaces spaces)
    {
        var listing = new KeyListing(spaces);
        return
        [
            Listing("KEYS", 2, $"The keys that match, in no order; at most {MaxKeys}, beyond it an error. Reads through the whole bucket.",
                request => Keys(listing, request)),
            Listing("SCAN", -2, "Some keys, and a cursor for the next. [MATCH pattern] [COUNT n] [TYPE t]", request => Scan(listing, request)),
            Listing("DBSIZE", 1, "How many keys the bucket has. Reads through the whole bucket.", request => Count(listing, request)),
            new("FLUSHDB", -1, KeyRange.None, CommandFlags.Write | CommandFlags.TouchesAnyKey, Fidelity.Exact, Fidelity.Exact,
                "Empties the connection's bucket, at one epoch of the ring. Refused while partitions move.", request => Flush(spaces, request)),
        ];
    }

    private static RespCommandInfo Listing(string name, int arity, string summary, Func<RespRequest, ValueTask<RespAnswer>> execute) =>
        new(name, arity, KeyRange.None, Reads, Fidelity.Eventual, Fidelity.Eventual, summary, execute);

    private static async ValueTask<RespAnswer> Keys(KeyListing listing, RespRequest request)
    {
        var pattern = request.Arguments[0];
        var found = new List<RespReply>();
        long bytes = 0;
        bool IsTooMuch() => found.Count > MaxKeys || bytes > RespLimits.MaxReplyBytes;
        var problem = await listing.Each(request.Bucket, keys =>
        {
            var before = found.Count;
            Add(found, keys, pattern);
            for (var i = before; i < found.Count; i++) bytes += found[i].Size;
            return !IsTooMuch();
        }, request.Cancelled);
        return problem is not null ? Arguments.Error(problem) : IsTooMuch() ? TooMany : new RespReply.Array(found);
    }

    private static async ValueTask<RespAnswer> Count(KeyListing listing, RespRequest request)
    {
        long count = 0;
        var problem = await listing.Each(request.Bucket, keys =>
        {
            count += keys.Count;
            return true;
        }, request.Cancelled);
        return problem is null ? Arguments.Integer(count) : Arguments.Error(problem);
    }

    private static async ValueTask<RespAnswer> Scan(KeyListing listing, RespRequest request)
    {
        if (!ScanOptions.Parse(request.Arguments).TryGet(out var options, out var problem)) return Arguments.Error(problem);
        var found = new List<RespReply>();
        ScanPosition? next = options.From;
        for (var pages = 0; next is { } from && found.Count < options.Count && pages < PagesOfScan; pages++)
        {
            if (!(await listing.Page(request.Bucket, from, options.Count, request.Cancelled)).TryGet(out var page, out problem))
                return Arguments.Error(problem);
            if (options.IsOfStrings) Add(found, page.Keys, options.Pattern);
            next = page.Next;
        }
        return new RespReply.Array([RespReply.OfText((next ?? ScanPosition.Start).ToString()), new RespReply.Array(found)]);
    }

    private static async ValueTask<RespAnswer> Flush(KeySpaces spaces, RespRequest request)
    {
        var arguments = request.Arguments;
        if (arguments.Count > 1 || (arguments.Count == 1 && Arguments.Word(arguments[0]) is not ("SYNC" or "ASYNC"))) return Arguments.Syntax;
        return await spaces.Changes.Make(new BucketChange.Empty(request.Bucket), request.Cancelled) is { } problem
            ? Arguments.Error(problem)
            : RespReply.Ok;
    }

    private static void Add(List<RespReply> found, IReadOnlyList<Key> keys, ReadOnlyMemory<byte>? pattern)
    {
        foreach (var key in keys)
        {
            if (pattern is not { } wanted || GlobPattern.Matches(wanted.Span, key.Span)) found.Add(new RespReply.Bulk(key.Memory));
        }
    }

    /// <summary>What SCAN is asked for.</summary>
    /// <param name="From">The cursor.</param>
    /// <param name="Count">About how many keys.</param>
    /// <param name="Pattern">Which; null for all.</param>
    /// <param name="IsOfStrings">Whether strings are wanted: there is nothing else.</param>
    private readonly record struct ScanOptions(ScanPosition From, int Count, ReadOnlyMemory<byte>? Pattern, bool IsOfStrings)
    {
        private const int DefaultCount = 10;

        /// <summary>Larger ones are taken for this.</summary>
        private const int MaxCount = 10_000;

        public static Outcome<ScanOptions> Parse(IReadOnlyList<ReadOnlyMemory<byte>> arguments)
        {
            var cursor = arguments[0].Span;
            if (!Utf8Parser.TryParse(cursor, out ulong from, out var used) || used != cursor.Length || from > ScanPosition.MaxValue)
                return Problem.Wrong("invalid cursor");
            var options = new ScanOptions(new ScanPosition(from), DefaultCount, Pattern: null, IsOfStrings: true);
            for (var i = 1; i < arguments.Count; i += 2)
            {
                if (i + 1 == arguments.Count) return Problem.Wrong(Arguments.Syntax.Text);
                switch (Arguments.Word(arguments[i]))
                {
                    case "COUNT":
                        if (!Arguments.TryInteger(arguments[i + 1], out var count)) return Problem.Wrong(Arguments.NotAnInteger.Text);
                        if (count < 1) return Problem.Wrong(Arguments.Syntax.Text);
                        options = options with { Count = (int)Math.Min(count, MaxCount) };
                        break;
                    case "MATCH":
                        options = options with { Pattern = arguments[i + 1] };
                        break;
                    case "TYPE":
                        options = options with { IsOfStrings = Arguments.Word(arguments[i + 1]) == "STRING" };
                        break;
                    default:
                        return Problem.Wrong(Arguments.Syntax.Text);
                }
            }
            return options;
        }
    }
}
