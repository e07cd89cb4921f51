using KvStore.Node.Settings;

namespace KvStore.Node.Tests.Settings;

public sealed class NodeConfigurationSpec : IDisposable
{
    private const string Member = "6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053";

    private readonly string _folder = Directory.CreateTempSubdirectory("kv-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file_and_that_over_the_default()
    {
        var file = Write("n.conf", "kv-store.quorum { n = 5, r = 5, w = 5 }");
        var config = Load(file, new() { ["KV_STORE__QUORUM__R"] = "4", ["KV_STORE__QUORUM__W"] = "4" }, "kv-store.quorum.w=3").Settings;
        Assert.Equal(
            (5, 4, 3, 256),
            (config.GetInt("kv-store.quorum.n"), config.GetInt("kv-store.quorum.r"), config.GetInt("kv-store.quorum.w"),
                config.GetInt("kv-store.cluster.partitions")));
    }

    [Fact]
    public void A_cluster_in_containers_is_configured_by_the_variables_that_Akka_users_know()
    {
        var config = Load(null, new()
        {
            ["CLUSTER_IP"] = "10.0.0.7",
            ["CLUSTER_PORT"] = "4055",
            ["CLUSTER_SEEDS"] = "[\"akka.tcp://kv@seed:4053\", other:4054]",
            ["AKKA__COORDINATED_SHUTDOWN__EXIT_CLR"] = "on",
            ["AKKA__CLUSTER__ROLES__1"] = "fast",
            ["AKKA__CLUSTER__ROLES__0"] = "storage",
            ["KV_STORE__NODE__RACK"] = "",
            ["PATH"] = "no setting",
        }).Settings;
        Assert.Equal(("10.0.0.7", 4055), (config.GetString("akka.remote.dot-netty.tcp.hostname"), config.GetInt("akka.remote.dot-netty.tcp.port")));
        Assert.Equal(["seed:4053", "other:4054"], config.GetStringList("kv-store.cluster.seeds"));
        Assert.True(config.GetBoolean("akka.coordinated-shutdown.exit-clr"));
        Assert.Equal(["storage", "fast"], config.GetStringList("akka.cluster.roles"));
    }

    [Fact]
    public void Every_mistake_is_listed_with_the_place_where_it_was_made()
    {
        Write("shared.conf", $"""
            # members of all nodes
            kv-store.cluster.members = ["{Member}"]

            kv-store.quorum.sloppy = perhaps
            """);
        var file = Write("n.conf", """
            include "shared.conf"
            kv-store {
              quorum { n = 3
                r = 9 }   // more than there are
              storage.syncc = group
              links { gather = "100ms", batch-itms = 5 }
              timeouts = 5s
            }
            """);
        var problem = Mistakes(file, new() { ["KV_STORE__LIMITS__REQUESTS_IN_FLIGHT"] = "0" }, "kv-store.node.idd=1");
        string[] expected =
        [
            "shared.conf:4: kv-store.quorum.sloppy: cannot be read",
            "n.conf:4: kv-store.quorum.r: 9 replicas cannot answer where n is 3",
            "n.conf:5: kv-store.storage.syncc: is no setting; kv-store.storage.sync is",
            "n.conf:6: kv-store.links.batch-itms: is no setting; kv-store.links.batch-items is",
            "n.conf:7: kv-store.timeouts: is a section of settings, and not a value",
            "environment variable KV_STORE__LIMITS__REQUESTS_IN_FLIGHT: kv-store.limits.requests-in-flight: 0 is out of range",
            "--set kv-store.node.idd: kv-store.node.idd: is no setting; kv-store.node.id is",
        ];
        foreach (var mistake in expected)
            Assert.True(
                problem.Mistakes.Any(found => found.StartsWith(mistake, StringComparison.Ordinal)), $"'{mistake}' is not among\n{problem.Message}");
    }

    [Fact]
    public void An_address_beyond_this_machine_is_refused_with_the_variable_that_names_it() =>
        Assert.Contains(
            "environment variable CLUSTER_IP: akka.remote.dot-netty.tcp.hostname: '0.0.0.0' is not loopback",
            Mistakes(Write("n.conf", $"kv-store.cluster.members = [\"{Member}\"]"), new() { ["CLUSTER_IP"] = "0.0.0.0" }).Message, StringComparison.Ordinal);

    [Fact]
    public void A_key_that_is_nothing_like_any_setting_is_said_to_be_none() =>
        Assert.Contains(
            "n.conf:1: kv-store.colour: is no setting; hocon/reference.conf has them all",
            Mistakes(Write("n.conf", "kv-store.colour = blue")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_section_that_is_almost_ours_is_a_slip_of_the_pen() =>
        Assert.Contains("n.conf:2: kvstore: is no section; kv-store is",
            Mistakes(Write("n.conf", "\nkvstore { quorum.r = 1 }")).Message, StringComparison.Ordinal);

    [Fact]
    public void What_the_actor_runtime_reads_is_not_checked_here()
    {
        var file = Write("n.conf", $$"""
            kv-store.cluster.members = ["{{Member}}"]
            kv-store.storage.reader-dispatcher.throughput = 7
            akka.whatever = 1
            """);
        var reader = Load(file, []).NewReader();
        NodeSettings.Read(reader);
        reader.ThrowIfAny();
    }

    [Fact]
    public void What_is_no_HOCON_is_said_with_its_place_and_all_at_once()
    {
        var file = Write("n.conf", "kv-store { quorum.r = 1");
        var problem = Assert.Throws<SettingsException>(() => Load(file, [], "kv-store.quorum.r", "kv-store.quorum.w={"));
        Assert.Contains(problem.Mistakes, mistake => mistake.StartsWith("--set kv-store.quorum.r: is not of the form PATH=VALUE", StringComparison.Ordinal));
        Assert.Contains(problem.Mistakes, mistake => mistake.StartsWith("--set kv-store.quorum.w: kv-store.quorum.w: cannot be", StringComparison.Ordinal));
        Assert.Contains(problem.Mistakes, mistake => mistake.Contains("n.conf", StringComparison.Ordinal));
    }

    [Fact]
    public void The_banner_names_what_settings_came_from() =>
        Assert.Equal("1 of the command line, 2 environment variables, n.conf", Load(
            Write("n.conf", "kv-store.quorum.r = 1"), new() { ["CLUSTER_IP"] = "127.0.0.1", ["CLUSTER_PORT"] = "1" }, "kv-store.quorum.w=1").Sources);

    private static SettingsException Mistakes(string file, Dictionary<string, string>? environment = null, params string[] given)
    {
        var reader = Load(file, environment ?? [], given).NewReader();
        NodeSettings.Read(reader);
        return Assert.Throws<SettingsException>(reader.ThrowIfAny);
    }

    private static NodeConfiguration Load(string? file, Dictionary<string, string> environment, params string[] given) =>
        NodeConfiguration.Load(file, environment, given);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
