using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using KvStore.Node.Settings;
using KvStore.Server.Keys;
using KvStore.Server.Resp;

namespace KvStore.Server.Tests.Resp;

/// <summary>docs/redis.md says of every command what the command table says. KV_REWRITE=1 writes it anew.</summary>
public sealed class RedisDocumentSpec
{
    private const string Header = "|---|---|---|---|";

    [Fact]
    public void The_document_lists_every_command_and_what_it_is_worth()
    {
        var lines = File.ReadAllLines(Document()).ToList();
        var first = lines.IndexOf(Header) + 1;
        var last = lines.FindIndex(first, line => !line.StartsWith('|'));
        var rows = Table().All.Select(Row).ToList();
        if (Environment.GetEnvironmentVariable("KV_REWRITE") == "1")
            File.WriteAllLines(Document(), [.. lines[..first], .. rows, .. lines[last..]]);
        Assert.Equal(rows, lines[first..last]);
    }

    [Fact]
    public void A_refused_command_says_why()
    {
        foreach (var command in Table().All.Where(command => command.InEventual == Fidelity.Refused))
            Assert.StartsWith("Not offered: ", command.Summary, StringComparison.Ordinal);
    }

    private static string Row(RespCommandInfo command) =>
        $"| `{command.Name}` | {command.InEventual.ToString().ToLowerInvariant()} | {command.InStrong.ToString().ToLowerInvariant()} | "
        + $"{command.Summary.Replace("|", "\\|", StringComparison.Ordinal)} |";

    private static RespCommandTable Table()
    {
        var config = ConfigurationFactory.ParseString("""
            kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
            kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
            """);
        var settings = NodeSettings.Read(config.WithFallback(ConfigurationFiles.Reference));
        using var metrics = new DoorMetrics();
        var spaces = new KeySpaces(
            new KeyValueGateway(ActorRefs.Nobody, settings), new BucketChanges(ActorRefs.Nobody), () => throw new InvalidOperationException(), metrics);
        return new RespDoor(spaces, new RespConnections(max: 1, needsPassword: false), password: "", () => []).Commands;
    }

    private static string Document([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "redis.md");
}
