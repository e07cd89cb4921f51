using Akka.Configuration;
using KvStore.Core.Links;
using KvStore.Core.Replication;
using KvStore.Node.Settings;
using KvStore.Server.Resp;
using KvStore.Server.Settings;
using KvStore.Storage;
using KvStore.Wire;

namespace KvStore.Server.Tests.Settings;

/// <summary>hocon/reference.conf and the typed settings say the same, in both directions.</summary>
public sealed class ReferenceSpec
{
    private readonly SettingsReader _reader = new(ConfigurationFactory.ParseString(
        "kv-store.cluster.members = [\"6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053\"]").WithFallback(ConfigurationFiles.Reference));

    public ReferenceSpec()
    {
        NodeSettings.Read(_reader);
        DoorSettings.Read(_reader);
        ProcessSettings.Read(_reader);
        TlsSettings.Read(_reader, "");
    }

    [Fact]
    public void Every_key_of_the_reference_is_read_into_a_typed_setting() =>
        Assert.Empty(KnownSettings.All.Except(_reader.PathsRead));

    [Fact]
    public void Every_typed_setting_has_its_default_in_the_reference() =>
        Assert.DoesNotContain(_reader.PathsRead.Except(KnownSettings.All), path => !ConfigurationFiles.Reference.HasPath(path));

    [Fact]
    public void The_defaults_are_in_their_own_ranges() => _reader.ThrowIfAny();

    [Fact]
    public void How_threads_are_scheduled_is_one_of_two_words()
    {
        var reader = new SettingsReader(ConfigurationFactory.ParseString("kv-store.process.scheduling = fifo"));
        ProcessSettings.Read(reader);
        Assert.Contains("'fifo' is neither batch nor normal", Assert.Throws<SettingsException>(reader.ThrowIfAny).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_of_the_largest_size_that_may_be_set_has_room_at_every_door()
    {
        Assert.True(LimitSettings.LargestValue < new RespLimits().MaxArgumentBytes, "a Redis argument is too small");
        Assert.True(LimitSettings.LargestValue < new ReplicaOptions().MaxObjectBytes, "a key with its siblings is too small");
        Assert.True(4 * new ReplicaOptions().MaxObjectBytes < WireLimits.MaxState, "a state on the wire is too small");
        Assert.True(WireLimits.MaxState < new EngineOptions().MaxValueBytes, "a record of the engine is too small");
        Assert.True(WireLimits.MaxState + WireLimits.MaxPart < new LinkOptions().MaxBytes, "a line is too small");
        var frame = ConfigurationFiles.Reference.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size");
        Assert.True(WireLimits.MaxState + WireLimits.MaxContext < frame, "a frame of remoting is too small");
    }

    [Fact]
    public void A_larger_value_than_every_door_takes_cannot_be_set()
    {
        var config = ConfigurationFactory.ParseString("""
            kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
            kv-store.limits.value-bytes = 5 MiB
            """);
        var refused = Assert.Throws<SettingsException>(() => NodeSettings.Read(config.WithFallback(ConfigurationFiles.Reference)));
        Assert.Contains("kv-store.limits.value-bytes: 5242880 is out of range; from 1 to 4194304", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_settings_to_compare() => Assert.True(KnownSettings.All.Count > 40, $"{KnownSettings.All.Count} settings are too few to be all");
}
