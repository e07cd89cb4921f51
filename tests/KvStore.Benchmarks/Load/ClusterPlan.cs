using System.Net;

namespace KvStore.Benchmarks.Load;

/// <summary>What to measure against a running cluster.</summary>
/// <param name="Endpoints">The nodes' RESP doors; connections are spread over them in turn.</param>
/// <param name="Contacts">The nodes' remoting addresses, for a load through the .NET client; none for one through the Redis doors.</param>
/// <param name="ReadShare">How many of a hundred operations read.</param>
/// <param name="IsZipfian">Whether few keys are asked for often (YCSB's zipfian, 0.99), or all alike.</param>
/// <param name="Rate">Operations a second, all connections together; 0 for as many as there is room for.</param>
internal sealed record ClusterPlan(
    IReadOnlyList<IPEndPoint> Endpoints, IReadOnlyList<string> Contacts,
    string Mix, int ReadShare, bool IsZipfian, int Keys, int ValueBytes, IReadOnlyList<int> Connections,
    TimeSpan Length, TimeSpan WarmUp, int Rate, bool Load, int Seed)
{
    public string DoorName => Contacts.Count > 0 ? "client" : "resp";

    public static readonly Options.Option[] Known =
    [
        new("endpoints", "LIST", "127.0.0.1:6380,127.0.0.1:6381,127.0.0.1:6382", "the nodes' Redis doors; that of a redis-server alone, for scale"),
        new("door", "NAME", "resp", "resp: Redis connections; client: the .NET client, one for all of them"),
        new("contacts", "LIST", "127.0.0.1:4053,127.0.0.1:4054,127.0.0.1:4055", "the nodes' remoting, for the .NET client"),
        new("mix", "NAME", "a", "a: 50 % reads; b: 95 %; c: reads alone; w: writes alone"),
        new("distribution", "NAME", "zipfian", "zipfian or uniform"),
        new("keys", "N", "100000", "how many keys there are"),
        new("value-size", "BYTES", "100", "bytes of a value"),
        new("connections", "LIST", "1,16,64", "how many at once; one run each"),
        new("seconds", "S", "10", "length of each run"),
        new("warmup", "S", "3", "length of the warm-up before each run"),
        new("rate", "N", "0", "operations a second, timed from when each was due; 0: each connection as fast as it is answered"),
        new("seed", "N", "1", "of keys and operations"),
        new("no-load", null, "", "the keys are there from an earlier run"),
        new("histogram", null, "", "besides the table, how many operations took how long"),
        new("json", null, "", "one JSON object on stdout instead of the table"),
    ];

    /// <exception cref="UsageException">An option's value cannot be used.</exception>
    public static ClusterPlan From(Options options)
    {
        var door = options.Text("door");
        if (door is not ("resp" or "client")) throw new UsageException($"--door is resp or client, not '{door}'.");
        var mix = options.Text("mix");
        var distribution = options.Text("distribution");
        if (distribution is not ("zipfian" or "uniform")) throw new UsageException($"--distribution is zipfian or uniform, not '{distribution}'.");
        return new ClusterPlan(
            [.. options.Text("endpoints").Split(',').Select(Endpoint)],
            door == "client" ? options.Text("contacts").Split(',') : [],
            mix,
            mix switch { "a" => 50, "b" => 95, "c" => 100, "w" => 0, _ => throw new UsageException($"--mix is a, b, c or w, not '{mix}'.") },
            distribution == "zipfian",
            options.Number("keys", 1, 100_000_000),
            options.Number("value-size", 1, 1024 * 1024),
            [.. options.Text("connections").Split(',').Select(Count)],
            TimeSpan.FromSeconds(options.Number("seconds", 1, 3600)),
            TimeSpan.FromSeconds(options.Number("warmup", 0, 3600)),
            options.Number("rate", 0, 10_000_000),
            !options.Flag("no-load"),
            options.Number("seed", 0, int.MaxValue));
    }

    private static IPEndPoint Endpoint(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port != 0
            ? endpoint
            : throw new UsageException($"'{text}' is no IP:PORT.");

    private static int Count(string text) =>
        int.TryParse(text, out var count) && count is >= 1 and <= 10_000
            ? count
            : throw new UsageException($"--connections has whole numbers from 1 to 10000, not '{text}'.");
}
