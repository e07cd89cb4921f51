using Akka.Configuration;
using KvStore.Node.Settings;
using KvStore.Server.Palettes;
using KvStore.Server.Settings;

namespace KvStore.Server.Tests.Settings;

/// <summary>Where the console listens, and what it wants to be shown.</summary>
public sealed class ConsoleSettingsSpec
{
    [Fact]
    public void It_is_on_loopback_and_can_be_shut()
    {
        Assert.Equal("127.0.0.1:9110", $"{DoorSettings.Read(With("")).Console}");
        Assert.Null(DoorSettings.Read(With("kv-store.doors.console.enabled = off")).Console);
    }

    [Fact]
    public void An_address_that_others_reach_is_refused()
    {
        var refused = Assert.Throws<SettingsException>(() => DoorSettings.Read(With("petabridge.cmd.host = \"0.0.0.0\"")));
        Assert.Contains("petabridge.cmd.host: 0.0.0.0 is not loopback, and the console has no TLS", refused.Message, StringComparison.Ordinal);
        var allowed = DoorSettings.Read(With("petabridge.cmd.host = \"0.0.0.0\", kv-store.doors.insecure = on"));
        Assert.Equal("petabridge.cmd (0.0.0.0:9110): no TLS, which a console has not", Assert.Single(allowed.Exposed));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("kv-store.doors.resp.password = \"a \\\"b\\\" \\\\ c\"", "a \"b\" \\ c")]
    [InlineData("kv-store.doors.resp.password = x, petabridge.cmd.password = y", "y")]
    public void It_wants_the_password_of_the_Redis_door_unless_it_has_its_own(string settings, string password)
    {
        var config = With(settings);
        Assert.Equal(password, ConsoleDoor.WithPassword(config, DoorSettings.Read(config)).GetString("petabridge.cmd.password"));
    }

    private static Config With(string settings) => ConfigurationFactory.ParseString(settings).WithFallback(ConfigurationFiles.Reference);
}
