using System.Globalization;
using System.Text;
using KvStore.Server.Keys;
using KvStore.Server.Resp.Commands;
using KvStore.Server.Security;

namespace KvStore.Server.Resp;

/// <summary>
/// Everything that the connections of this door share: the commands, who is connected, the password, what the node says of itself. Any thread.
/// </summary>
public sealed class RespDoor
{
    /// <summary>The one user there is.</summary>
    public const string User = DoorPassword.User;

    /// <summary>The Redis that this door is compared with: clients choose features by it.</summary>
    private const string RedisVersion = "7.0.15";

    private readonly DoorPassword _password;
    private readonly Func<IReadOnlyList<(string Name, string Value)>> _facts;

    /// <param name="spaces">The store.</param>
    /// <param name="connections">Who is connected.</param>
    /// <param name="password">What a client must say first; empty for nothing.</param>
    /// <param name="facts">What INFO shows of the node, besides what the door knows itself.</param>
    public RespDoor(
        KeySpaces spaces, RespConnections connections, string password, Func<IReadOnlyList<(string Name, string Value)>> facts)
    {
        (Spaces, Connections, _facts) = (spaces, connections, facts);
        _password = new DoorPassword(password);
        var keys = new KeyAccess(spaces);
        Commands = new RespCommandTable(
        [
            .. ConnectionCommands.All(this), .. ServerCommands.All(this), .. StringCommands.All(keys), .. CounterCommands.All(keys),
            .. ManyKeyCommands.All(keys), .. ExpiryCommands.All(keys), .. ListingCommands.All(spaces), .. VersionCommands.All(keys),
            .. RefusedCommands.All(),
        ]);
    }

    public RespCommandTable Commands { get; }

    public KeySpaces Spaces { get; }

    public RespConnections Connections { get; }

    public bool HasPassword => _password.IsSet;

    /// <summary>Whether that user may come in.</summary>
    public bool Admits(string user, ReadOnlySpan<byte> password) => user == User && _password.Admits(password);

    /// <summary>The answer to HELLO.</summary>
    public static RespReply Greeting(RespSession session) => new RespReply.Map(
    [
        Entry("server", "redis"),
        Entry("version", RedisVersion),
        KeyValuePair.Create(RespReply.OfText("proto"), Arguments.Integer((int)session.Version)),
        KeyValuePair.Create(RespReply.OfText("id"), Arguments.Integer(session.Id)),
        Entry("mode", "standalone"),
        Entry("role", "master"),
        KeyValuePair.Create(RespReply.OfText("modules"), RespReply.Empty),
    ]);

    /// <summary>The answer to INFO: all sections, or those named.</summary>
    public RespReply Info(IEnumerable<string> sections)
    {
        var wanted = sections.ToHashSet();
        var everything = wanted.Count == 0 || wanted.Overlaps(["ALL", "DEFAULT", "EVERYTHING"]);
        var text = new StringBuilder();
        foreach (var (name, lines) in Sections())
        {
            if (!everything && !wanted.Contains(name.ToUpperInvariant())) continue;
            if (text.Length > 0) text.Append("\r\n");
            text.Append(CultureInfo.InvariantCulture, $"# {name}\r\n");
            foreach (var line in lines) text.Append(CultureInfo.InvariantCulture, $"{line.Name}:{line.Value}\r\n");
        }
        return new RespReply.Verbatim(text.ToString());
    }

    private IEnumerable<(string Name, IEnumerable<(string Name, string Value)> Lines)> Sections()
    {
        yield return ("Server", [("redis_version", RedisVersion), ("redis_mode", "standalone"),
            ("process_id", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)), ("kvstore_version", NodeHost.Version)]);
        yield return ("Clients", [("connected_clients", Connections.Count.ToString(CultureInfo.InvariantCulture))]);
        yield return ("Stats", [("total_connections_received", Connections.Accepted.ToString(CultureInfo.InvariantCulture))]);
        yield return ("Replication", [("role", "master"), ("connected_slaves", "0")]);
        yield return ("Cluster", [("cluster_enabled", "0")]);
        yield return ("KvStore", _facts());
    }

    private static KeyValuePair<RespReply, RespReply> Entry(string name, string value) =>
        KeyValuePair.Create(RespReply.OfText(name), RespReply.OfText(value));
}
