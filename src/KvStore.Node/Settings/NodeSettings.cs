using Akka.Configuration;
using KvStore.Core.Identity;
using KvStore.Core.Links;
using KvStore.Core.Placement;

namespace KvStore.Node.Settings;

/// <summary>The settings of one node, checked. Section <c>kv-store</c> of the configuration, doors aside.</summary>
public sealed record NodeSettings(
    NodeId Id, ClusterSettings Cluster, QuorumSettings Quorum, TimeoutSettings Timeouts, LimitSettings Limits, StorageSettings Storage)
{
    /// <summary>Section <c>kv-store.links</c>.</summary>
    public required LinkOptions Links { get; init; }

    /// <summary>Section <c>kv-store.hints</c>.</summary>
    public required HintSettings Hints { get; init; }

    /// <summary>Section <c>kv-store.anti-entropy</c>.</summary>
    public required AntiEntropySettings AntiEntropy { get; init; }

    /// <summary>Section <c>akka.remote.dot-netty.tcp</c>.</summary>
    public required RemotingSettings Remoting { get; init; }

    /// <exception cref="SettingsException">The settings do not make a node; the message lists every mistake.</exception>
    public static NodeSettings Read(Config config)
    {
        var reader = new SettingsReader(config);
        var settings = Read(reader);
        reader.ThrowIfAny();
        return settings;
    }

    /// <summary>The same, with the mistakes left in the reader: these settings are good only if there are none.</summary>
    public static NodeSettings Read(SettingsReader reader)
    {
        var cluster = ClusterSettings.Read(reader);
        var settings = new NodeSettings(
            ReadId(reader), cluster, QuorumSettings.Read(reader), TimeoutSettings.Read(reader), LimitSettings.Read(reader),
            StorageSettings.Read(reader))
        {
            Links = LinkSettings.Read(reader),
            Hints = HintSettings.Read(reader),
            AntiEntropy = AntiEntropySettings.Read(reader),
            Remoting = RemotingSettings.Read(reader),
        };
        if (!settings.Id.IsNone && cluster.Members.Count > 0 && cluster.Members.All(member => member.Id != settings.Id))
            reader.Mistake("kv-store.node.id", "is in no line of kv-store.cluster.members");
        return settings;
    }

    /// <summary>The same settings, with the data directory taken relative to a folder.</summary>
    public NodeSettings Under(string folder) => this with { Storage = Storage with { Directory = Path.Combine(folder, Storage.Directory) } };

    /// <summary>The same settings, of the node whose data this is.</summary>
    /// <exception cref="SettingsException">It is in no line of the member list.</exception>
    public NodeSettings Of(NodeId id) =>
        Cluster.Members.Count == 0 || Cluster.Members.Any(member => member.Id == id)
            ? this with { Id = id }
            : throw new SettingsException([$"kv-store.cluster.members: has no line for this node, {id}"]);

    /// <summary>None when the settings leave it to the data directory.</summary>
    private static NodeId ReadId(SettingsReader reader)
    {
        const string path = "kv-store.node.id";
        var text = reader.Text(path);
        if (text.Length == 0) return NodeId.None;
        if (!NodeId.TryParse(text, out var id)) reader.Mistake(path, "is 32 hexadecimal digits, not all of them 0, or empty");
        return id;
    }
}

/// <summary>Section <c>kv-store.cluster</c>.</summary>
public sealed record ClusterSettings(string Name, int Partitions, IReadOnlyList<MemberAddress> Members, string Secret)
{
    /// <summary>Where a node without a ring asks to be let in: HOST:PORT of some members.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>What fails together with this node; of a node that joins.</summary>
    public string Rack { get; init; } = "";

    private const int MinSecret = 16;

    internal static ClusterSettings Read(SettingsReader reader)
    {
        const string path = "kv-store.cluster.members";
        var partitions = reader.Int("kv-store.cluster.partitions", Ring.MinPartitions, PartitionId.MaxCount);
        if (reader.AreGood("kv-store.cluster.partitions") && !int.IsPow2(partitions))
            reader.Mistake("kv-store.cluster.partitions", $"{partitions} is no power of two");
        var members = new List<MemberAddress>();
        foreach (var text in reader.Texts(path))
        {
            if (!MemberAddress.TryParse(text, out var member, out var error)) reader.Mistake(path, error);
            else if (members.Any(other => other.Id == member.Id)) reader.Mistake(path, $"{member.Id} is there twice");
            else members.Add(member);
        }
        const string seedsPath = "kv-store.cluster.seeds";
        var seeds = reader.Texts(seedsPath);
        foreach (var seed in seeds)
            if (!SeedAddress.IsGood(seed, out var error)) reader.Mistake(seedsPath, error);
        if (members.Count == 0 && seeds.Count == 0)
            reader.Mistake(path, "is empty, and so is kv-store.cluster.seeds; a node founds a cluster with the one, or joins one by the other");
        return new ClusterSettings(reader.Text("kv-store.cluster.name"), partitions, members, ReadSecret(reader))
        {
            Seeds = [.. seeds],
            Rack = reader.Text("kv-store.node.rack"),
        };
    }

    private static string ReadSecret(SettingsReader reader)
    {
        const string path = "kv-store.cluster.secret";
        var secret = reader.Text(path);
        if (secret.Length is > 0 and < MinSecret) reader.Mistake(path, $"has {secret.Length} characters; it has at least {MinSecret}, or none");
        return secret;
    }
}

/// <summary>Section <c>kv-store.quorum</c>.</summary>
public sealed record QuorumSettings(int N, int R, int W, bool Sloppy)
{
    internal static QuorumSettings Read(SettingsReader reader)
    {
        var quorum = new QuorumSettings(
            reader.Int("kv-store.quorum.n", 1, Ring.MaxReplicas),
            reader.Int("kv-store.quorum.r", 1, Ring.MaxReplicas),
            reader.Int("kv-store.quorum.w", 1, Ring.MaxReplicas),
            reader.Flag("kv-store.quorum.sloppy"));
        if (reader.AreGood("kv-store.quorum.n", "kv-store.quorum.r") && quorum.R > quorum.N)
            reader.Mistake("kv-store.quorum.r", $"{quorum.R} replicas cannot answer where n is {quorum.N}");
        if (reader.AreGood("kv-store.quorum.n", "kv-store.quorum.w") && quorum.W > quorum.N)
            reader.Mistake("kv-store.quorum.w", $"{quorum.W} replicas cannot store where n is {quorum.N}");
        return quorum;
    }
}

/// <summary>Section <c>kv-store.timeouts</c>.</summary>
public sealed record TimeoutSettings(TimeSpan Request, TimeSpan Replica, TimeSpan Hedge, TimeSpan GossipInterval)
{
    internal static TimeoutSettings Read(SettingsReader reader)
    {
        var timeouts = new TimeoutSettings(
            reader.Duration("kv-store.timeouts.request", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            reader.Duration("kv-store.timeouts.replica", TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(1)),
            reader.Duration("kv-store.timeouts.hedge", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            reader.Duration("kv-store.timeouts.gossip-interval", TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1)));
        if (reader.AreGood("kv-store.timeouts.request", "kv-store.timeouts.replica") && timeouts.Replica > timeouts.Request)
            reader.Mistake("kv-store.timeouts.replica", $"{timeouts.Replica} is longer than a whole request ({timeouts.Request})");
        if (reader.AreGood("kv-store.timeouts.replica", "kv-store.timeouts.hedge") && timeouts.Hedge > timeouts.Replica)
            reader.Mistake("kv-store.timeouts.hedge", $"{timeouts.Hedge} is longer than what a replica may take ({timeouts.Replica})");
        return timeouts;
    }
}

/// <summary>Section <c>kv-store.limits</c>.</summary>
public sealed record LimitSettings(int ValueBytes, int RequestsInFlight)
{
    /// <summary>
    /// What every door takes, in bytes: half of a Redis argument (8 MiB), so that a larger value still gets its own clear answer; within what a key with all
    /// its siblings may hold (6 MiB); and within one remoting frame of a .NET client (26 MiB).
    /// </summary>
    public const int LargestValue = 4 * 1024 * 1024;

    internal static LimitSettings Read(SettingsReader reader) => new(
        (int)reader.Bytes("kv-store.limits.value-bytes", 1, LargestValue),
        reader.Int("kv-store.limits.requests-in-flight", 1, 1_000_000));
}
