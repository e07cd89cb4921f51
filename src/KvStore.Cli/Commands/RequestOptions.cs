using System.CommandLine;
using KvStore.Client;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Cli.Commands;

/// <summary>What one read or write asks for beyond the bucket's numbers: --n, --r or --w, --pr or --pw, --dw, --strict, --timeout.</summary>
internal sealed class RequestOptions(bool isRead)
{
    private readonly Option<int?> _n = new("--n") { Description = "how many replicas are asked" };
    private readonly Option<int?> _needed = new(isRead ? "--r" : "--w") { Description = isRead ? "how many must answer" : "how many must have it" };
    private readonly Option<int?> _primaries = new(isRead ? "--pr" : "--pw") { Description = "how many of those must be primaries" };
    private readonly Option<int?> _durable = new("--dw") { Description = "how many of those must have it on disk" };
    private readonly Option<bool> _strict = new("--strict") { Description = "no stand-ins: only whole primaries count" };
    private readonly Option<double> _timeout = new("--timeout") { Description = "how many seconds it may take (default: 5)", DefaultValueFactory = _ => 5 };

    public Symbol[] All => isRead ? [_n, _needed, _primaries, _strict, _timeout] : [_n, _needed, _primaries, _durable, _strict, _timeout];

    public TimeSpan Timeout(ParseResult parsed) => parsed.GetValue(_timeout) is > 0 and <= 60 and var seconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new CliException(ExitCode.Usage, "--timeout takes seconds above zero, at most 60. Nothing was done.");

    public GetOptions Get(KeyNameArguments name, ParseResult parsed) => new() { Bucket = BucketOf(name, parsed), Quorum = QuorumOf(parsed) };

    public PutOptions Put(KeyNameArguments name, ParseResult parsed) => new() { Bucket = BucketOf(name, parsed), Quorum = QuorumOf(parsed) };

    private static BucketName? BucketOf(KeyNameArguments name, ParseResult parsed)
    {
        if (parsed.GetValue(name.Bucket) is not { } text) return null;
        return BucketName.TryCreate(text, out var bucket, out var wrong) ? bucket : throw new CliException(ExitCode.Usage, $"{wrong} Nothing was done.");
    }

    /// <summary>Null where nothing is asked for: then the bucket's own numbers hold. What is left out is a majority of N.</summary>
    private Quorum? QuorumOf(ParseResult parsed)
    {
        var (n, needed, primaries) = (parsed.GetValue(_n), parsed.GetValue(_needed), parsed.GetValue(_primaries));
        var (durable, strict) = (isRead ? null : parsed.GetValue(_durable), parsed.GetValue(_strict));
        if (n is null && needed is null && primaries is null && durable is null && !strict) return null;
        var copies = n ?? Quorum.Default.N;
        var majority = Math.Clamp(copies, 1, Quorum.MaxN) / 2 + 1;
        var (r, w) = isRead ? (needed ?? majority, majority) : (majority, needed ?? majority);
        var (pr, pw) = isRead ? (primaries ?? 0, 0) : (0, primaries ?? 0);
        return Quorum.TryCreate(copies, r, w, pr, pw, durable ?? 0, sloppy: !strict, out var quorum, out var wrong)
            ? quorum
            : throw new CliException(ExitCode.Usage, $"{wrong} Nothing was done.");
    }
}
