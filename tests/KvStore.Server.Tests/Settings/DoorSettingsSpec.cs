using Akka.Configuration;
using KvStore.Node.Settings;
using KvStore.Server.Settings;

namespace KvStore.Server.Tests.Settings;

/// <summary>Which doors may be open to whom.</summary>
public sealed class DoorSettingsSpec
{
    private const string Tls = "kv-store.tls { certificate = c, key = k, ca = a }";

    [Theory]
    [InlineData("kv-store.doors.resp.host = 0.0.0.0", "resp", "no TLS (", "no authentication (kv-store.doors.resp.password, or")]
    [InlineData("kv-store.doors.http.host = 10.0.0.7", "http", "no TLS (", "no authentication (kv-store.doors.http.password, or")]
    [InlineData("kv-store.doors.http { host = \"::\", password = p }", "http", "no TLS (kv-store.tls.certificate, key and ca). Set that", "")]
    [InlineData(Tls + "\nkv-store.doors.http { host = \"::\" }", "http", "this door has no authentication (", "")]
    public void A_door_beyond_this_machine_that_lacks_something_stops_the_start_and_says_what(string settings, string door, string one, string two)
    {
        var mistake = Assert.Single(Assert.Throws<SettingsException>(() => Read(settings)).Mistakes);
        Assert.StartsWith($"kv-store.doors.{door}.host: ", mistake, StringComparison.Ordinal);
        Assert.Contains("is not loopback", mistake, StringComparison.Ordinal);
        Assert.Contains(one, mistake, StringComparison.Ordinal);
        Assert.Contains(two, mistake, StringComparison.Ordinal);
        Assert.Contains("kv-store.doors.insecure = on", mistake, StringComparison.Ordinal);
        Assert.StartsWith($"kv-store.doors.{door} (", Assert.Single(Read($"{settings}\nkv-store.doors.insecure = on").Exposed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("kv-store.doors { insecure = on, resp.host = \"::1\", http.host = 127.0.0.2 }")]
    [InlineData(Tls + "\nkv-store.doors { resp { host = 0.0.0.0, password = p }, http { host = 0.0.0.0, password = q } }")]
    [InlineData(Tls + "\nkv-store { tls.client-certificates = required, doors { resp.host = 0.0.0.0, http.host = \"::\" } }")]
    public void A_door_on_loopback_or_with_TLS_and_authentication_needs_no_leave(string settings) => Assert.Empty(Read(settings).Exposed);

    private static DoorSettings Read(string settings) =>
        DoorSettings.Read(ConfigurationFactory.ParseString(settings).WithFallback(ConfigurationFiles.Reference));
}
