using Akka.Configuration;
using KvStore.Node.Settings;

namespace KvStore.Node.Tests.Settings;

public sealed class NodeSettingsSpec
{
    private const string Id = "6f1d3c5a8e7b4290a1c3e5f708192a3b";
    private const string Alone = $"kv-store.cluster.members = [\"{Id}@h:1\"]";

    [Fact]
    public void A_node_needs_its_id_and_the_members_and_has_a_default_for_the_rest()
    {
        var settings = Read($$"""
            kv-store.node.id = "{{Id}}"
            kv-store.cluster.members = ["{{Id}}@10.0.0.1:4053/east", "9a4be07d15c84f3eb26d7f809142c5d1@[::1]:4054"]
            """);
        Assert.Equal(Id, settings.Id.ToString());
        Assert.Equal(new QuorumSettings(3, 2, 2, Sloppy: true), settings.Quorum);
        Assert.Equal(256, settings.Cluster.Partitions);
        Assert.Equal(("10.0.0.1", 4053, "east"), (settings.Cluster.Members[0].Host, settings.Cluster.Members[0].Port, settings.Cluster.Members[0].Rack));
        Assert.Equal(("[::1]", ""), (settings.Cluster.Members[1].Host, settings.Cluster.Members[1].Rack));
        Assert.Equal(1024 * 1024, settings.Limits.ValueBytes);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Timeouts.Request);
    }

    [Fact]
    public void Every_mistake_is_listed_at_once()
    {
        var problem = Assert.Throws<SettingsException>(() => Read("""
            kv-store {
              node.id = "xyz"
              cluster { partitions = 100, members = ["nonsense", "6f1d3c5a8e7b4290a1c3e5f708192a3b@h:99999"] }
              quorum { n = 3, r = 4, w = two }
              timeouts { request = 1s, replica = 2s }
              limits.value-bytes = 1 GiB
            }
            """));
        string[] paths =
        [
            "kv-store.cluster.partitions: 100 is no power of two",
            "kv-store.cluster.members: 'nonsense' is not of the form",
            "kv-store.cluster.members: '6f1d3c5a8e7b4290a1c3e5f708192a3b@h:99999' has no port",
            "kv-store.cluster.members: is empty",
            "kv-store.node.id: is 32 hexadecimal digits",
            "kv-store.quorum.w: cannot be read",
            "kv-store.quorum.r: 4 replicas cannot answer where n is 3",
            "kv-store.timeouts.replica: 00:00:02 is longer than a whole request",
            "kv-store.limits.value-bytes: 1073741824 is out of range",
        ];
        foreach (var path in paths) Assert.Contains(problem.Mistakes, mistake => mistake.StartsWith(path, StringComparison.Ordinal));
        Assert.Contains("nothing was started", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_mistake_is_not_shown_as_two()
    {
        var problem = Assert.Throws<SettingsException>(() => Read($$"""
            kv-store {
              cluster.members = ["{{Id}}@h:1"]
              cluster.partitions = many
              quorum.n = none
              timeouts.request = 2h
              anti-entropy.timeout = never
              hints.start-rate = 0 b
            }
            """));
        Assert.Equal(5, problem.Mistakes.Count);
    }

    [Theory]
    [InlineData("a node that is no member", "kv-store.node.id", "9a4be07d15c84f3eb26d7f809142c5d1", "6f1d3c5a8e7b4290a1c3e5f708192a3b@h:1")]
    public void A_node_is_a_member_of_its_own_cluster(string what, string path, string id, string member)
    {
        var problem = Assert.Throws<SettingsException>(() => Read($"kv-store.node.id = \"{id}\"\nkv-store.cluster.members = [\"{member}\"]"));
        Assert.True(problem.Mistakes.Any(mistake => mistake.StartsWith(path, StringComparison.Ordinal)), what);
    }

    [Fact]
    public void Two_members_never_share_an_id() =>
        Assert.Contains("is there twice", Assert.Throws<SettingsException>(() => Read(
            $"kv-store.node.id = \"{Id}\"\nkv-store.cluster.members = [\"{Id}@h:1\", \"{Id}@h:2\"]")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0.0.0.0", "")]
    [InlineData("10.0.0.7", "")]
    [InlineData("node1.example.org", "")]
    [InlineData("", "")]
    [InlineData("::", "akka.remote.dot-netty.tcp { enable-ssl = on, ssl.suppress-validation = on }")]
    [InlineData("::", "akka.remote.dot-netty.tcp { enable-ssl = on, ssl.require-mutual-authentication = off }")]
    public void Remoting_beyond_this_machine_is_refused_where_nobody_has_to_show_who_he_is(string host, string more)
    {
        var remoting = $"{Alone}\nakka.remote.dot-netty.tcp.hostname = \"{host}\"\n{more}";
        var mistake = Assert.Single(Assert.Throws<SettingsException>(() => Read(remoting)).Mistakes);
        Assert.StartsWith($"akka.remote.dot-netty.tcp.hostname: '{host}' is not loopback", mistake, StringComparison.Ordinal);
        Assert.Contains("kv-store.cluster.insecure = on", mistake, StringComparison.Ordinal);
        Assert.True(Read($"{remoting}\nkv-store.cluster.insecure = on").Remoting.IsExposed);
    }

    [Theory]
    [InlineData("127.0.0.1", "")]
    [InlineData("::1", "kv-store.cluster.insecure = on")]
    [InlineData("localhost", "")]
    [InlineData("10.0.0.7", "akka.remote.dot-netty.tcp.enable-ssl = on")]
    [InlineData("10.0.0.7", "akka.actor.provider = local")]
    public void Remoting_on_loopback_or_with_certificates_needs_no_leave(string host, string more) =>
        Assert.False(Read($"{Alone}\nakka.remote.dot-netty.tcp.hostname = \"{host}\"\n{more}").Remoting.IsExposed);

    [Theory]
    [InlineData("localhost", "is not of the form HOST:PORT")]
    [InlineData("akka.tcp://kv@h:4053", "is not of the form HOST:PORT")]
    [InlineData("h:0", "has no port from 1 to 65535")]
    public void A_seed_is_a_host_and_a_port(string seed, string error) =>
        Assert.Equal([$"kv-store.cluster.seeds: '{seed}' {error}"],
            Assert.Throws<SettingsException>(() => Read($"kv-store.cluster.seeds = [\"h:1\", \"{seed}\"]")).Mistakes
                .Select(mistake => mistake.Split(", with")[0]));

    [Fact]
    public void Seeds_are_names_and_addresses_of_both_kinds() =>
        Assert.Equal(["node-1.example.org:4053", "10.0.0.1:1", "[::1]:65535"],
            Read("kv-store.cluster.seeds = [\"node-1.example.org:4053\", \"10.0.0.1:1\", \"[::1]:65535\"]").Cluster.Seeds);

    private static NodeSettings Read(string hocon) =>
        NodeSettings.Read(ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFiles.Reference));
}
