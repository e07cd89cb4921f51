using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Protocol;
using Troupe.Cmd.Tests.Host;

namespace Troupe.Cmd.Tests.Palettes;

/// <summary>The log at the console.</summary>
public sealed class LogPaletteSpec() : Akka.TestKit.Xunit2.TestKit(
    ConfigurationFactory.ParseString("akka { loglevel = INFO, stdout-loglevel = OFF }\npetabridge.cmd.port = 0"), "log")
{
    [Fact]
    public async Task The_log_is_looked_at_followed_and_written_to()
    {
        using var client = await Welcomed();
        Sys.Log.Warning("the first");
        await Until(client, "log peek -l warning", "the first");
        Assert.Equal(("written", false), await client.Run("log append -m \"by hand\""));
        await Until(client, "log peek", "From the console: by hand");
        Assert.DoesNotContain("by hand", (await client.Run("log peek -l warning")).Lines, StringComparison.Ordinal);
        Assert.EndsWith("Count: 1 entries", (await client.Run("log peek -n 1")).Lines, StringComparison.Ordinal);

        await client.Say(new ConsoleMessage.Run("log tail -l warning"));
        var written = Sys.Scheduler.Advanced;
        using var again = new Cancelable(written);
        written.ScheduleRepeatedly(TimeSpan.Zero, TimeSpan.FromMilliseconds(50), () => Sys.Log.Warning("the next"), again);
        Assert.Contains("the next", Assert.IsType<ConsoleMessage.Output>(await client.Hear()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log peek -n 0", "-n is a number from 1 to 500; '0' is none. Nothing was done.")]
    [InlineData("log tail -l grave", "'grave' is no level: debug, info, warning, error are. Nothing was done.")]
    public async Task What_makes_no_sense_is_refused(string line, string words)
    {
        using var client = await Welcomed();
        Assert.Equal((words, true), await client.Run(line));
    }

    /// <summary>An entry takes its way through the event stream.</summary>
    private Task Until(ConsoleClient client, string line, string words) => AwaitAssertAsync(
        async () => Assert.Contains(words, (await client.Run(line)).Lines, StringComparison.Ordinal), TimeSpan.FromSeconds(20));

    private async Task<ConsoleClient> Welcomed()
    {
        var cmd = PetabridgeCmd.Get(Sys);
        cmd.Start();
        return await ConsoleClient.Welcomed((await cmd.Bound)!);
    }
}
