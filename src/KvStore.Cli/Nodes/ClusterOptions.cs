using System.CommandLine;
using KvStore.Cli.Commands;
using KvStore.Cli.LocalCluster;

namespace KvStore.Cli.Nodes;

/// <summary>The options by which a verb finds a cluster, the same for every one: --node, --data, --json.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<string?> _node = new("--node")
    {
        Description = "HOST:PORT of a node's HTTP door, or https://HOST:PORT (default: the cluster on this machine)",
    };

    private readonly Option<string?> _data = DataOption.Create();
    private readonly Option<bool> _json = new("--json") { Description = "JSON on stdout" };

    public ClusterOptions() => _node.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<string?>() is { } text && PlaceOf(text) is null)
            result.AddError($"--node takes HOST:PORT, with the port of a node's HTTP door; '{text}' is none.");
    });

    public void AddTo(Command command)
    {
        command.Add(_node);
        command.Add(_data);
        command.Add(_json);
    }

    public Visit Open(ParseResult parsed, CancellationToken cancelled)
    {
        var named = parsed.GetValue(_node);
        var directory = ClusterDirectory.At(parsed.GetValue(_data));
        var cluster = named is null ? ClusterAccess.Local(directory) : ClusterAccess.Named(PlaceOf(named)!, IsTls(named), directory);
        return new Visit(cluster, parsed, parsed.GetValue(_json), cancelled);
    }

    private static bool IsTls(string text) => text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>HOST:PORT, also of an http or https address; null when it is neither.</summary>
    private static string? PlaceOf(string text)
    {
        var address = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Host.Length: > 0, AbsolutePath: "/", Port: > 0 }
            && (text.EndsWith($":{uri.Port}", StringComparison.Ordinal) || text.EndsWith($":{uri.Port}/", StringComparison.Ordinal))
            ? uri.Authority.Contains(':', StringComparison.Ordinal) ? uri.Authority : $"{uri.Authority}:{uri.Port}"
            : null;
    }
}

/// <summary>One call of a verb: whom to ask, with what, and how to answer.</summary>
internal sealed record Visit(ClusterAccess Cluster, ParseResult Parsed, bool WantsJson, CancellationToken Cancelled);
