using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Protocol;

namespace Troupe.Cmd.Tests.Host;

/// <summary>The console's host, by a client on a real socket.</summary>
public sealed class HostSpec() : Akka.TestKit.Xunit2.TestKit(ConfigurationFactory.ParseString(Settings), "console-spec")
{
    private const string Settings = """
        akka { loglevel = INFO, stdout-loglevel = OFF, loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"], log-dead-letters = off }
        petabridge.cmd { port = 0, max-connections = 2, max-pending-bytes = 1 MiB }
        """;

    private readonly TestPalette _palette = new();

    [Fact]
    public async Task A_client_is_told_every_palette_and_every_switch()
    {
        using var client = await ConsoleClient.Connect(await Started());
        await client.Say(new ConsoleMessage.Hello(ConsoleCodec.Version, ""));
        var welcome = Assert.IsType<ConsoleMessage.Welcome>(await client.Hear());
        Assert.Equal(["actor", "log", "uptime", "test"], welcome.Palettes.Select(palette => palette.Name));
        var echo = welcome.Palettes[^1].Commands.Single(command => command.Name == "echo");
        Assert.Equal(["-t", "--text"], echo.Arguments.Single().Switches);
        Assert.Equal("nothing", echo.Arguments.Single().Default);
    }

    [Theory]
    [InlineData("test lines", "one\ntwo", false)]
    [InlineData("test piped", "all", false)]
    [InlineData("test echo -t a --text \"b c\"", "a+b c", false)]
    [InlineData("test echo", "nothing", false)]
    [InlineData("test fails", "It cannot be done. Nothing was changed.", true)]
    [InlineData("test no-such", "There is no command 'test no-such'. Nothing was done; there are lines, piped, fails, throws, stops, failed-task, "
        + "endless, who, flood, echo.", true)]
    [InlineData("actor system", "akka://console-spec", false)]
    [InlineData("actor hierarchy -d 0", "-d is a number of levels from 1 on; '0' is none. Nothing was done.", true)]
    public async Task A_line_is_answered_by_the_handler_of_its_palette(string line, string lines, bool hasFailed)
    {
        using var client = await ConsoleClient.Welcomed(await Started());
        Assert.Equal((lines, hasFailed), await client.Run(line));
        Assert.Equal(("one\ntwo", false), await client.Run("test lines"));
    }

    [Theory]
    [InlineData("test throws", "'test throws' broke off (out of luck). What it had begun may be done")]
    [InlineData("test stops", "What answers this command has stopped.")]
    [InlineData("test failed-task", "The command broke off (")]
    public async Task A_handler_that_fails_ends_its_command_and_the_next_one_is_served(string line, string words)
    {
        using var client = await ConsoleClient.Welcomed(await Started());
        var (lines, hasFailed) = await client.Run(line);
        Assert.True(hasFailed);
        Assert.StartsWith(words, lines, StringComparison.Ordinal);
        Assert.Equal(("one\ntwo", false), await client.Run("test lines"));
    }

    [Fact]
    public async Task A_command_without_an_end_goes_on_until_it_is_called_off()
    {
        using var client = await ConsoleClient.Welcomed(await Started());
        await client.Say(new ConsoleMessage.Run("test endless"));
        Assert.Equal(new ConsoleMessage.Output("begun"), await client.Hear());
        await client.Say(new ConsoleMessage.Cancel());
        Assert.Equal(("", false), await client.Answer());
        Assert.Equal(("one\ntwo", false), await client.Run("test lines"));
    }

    [Fact]
    public async Task Each_client_has_handlers_of_its_own_which_end_with_it()
    {
        var endpoint = await Started();
        var first = await ConsoleClient.Welcomed(endpoint);
        using var second = await ConsoleClient.Welcomed(endpoint);
        var (one, other) = ((await first.Run("test who")).Lines, (await second.Run("test who")).Lines);
        Assert.NotEqual(one, other);
        Assert.StartsWith("/user/petabridge.cmd/", one, StringComparison.Ordinal);

        Watch(await Sys.ActorSelection(one).ResolveOne(TimeSpan.FromSeconds(5)));
        first.Dispose();
        ExpectMsg<Terminated>(TimeSpan.FromSeconds(10));
        Assert.Equal(other, (await second.Run("test who")).Lines);
    }

    [Fact]
    public async Task One_client_too_many_is_told_so()
    {
        var endpoint = await Started();
        using var first = await ConsoleClient.Welcomed(endpoint);
        using var second = await ConsoleClient.Welcomed(endpoint);
        using var third = await ConsoleClient.Connect(endpoint);
        await third.Say(new ConsoleMessage.Hello(ConsoleCodec.Version, ""));
        Assert.Contains("has 2 consoles open", Assert.IsType<ConsoleMessage.Refused>(await third.Hear()).Why, StringComparison.Ordinal);
        Assert.Null(await third.Hear());
        Assert.Equal(("one\ntwo", false), await first.Run("test lines"));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_disconnected()
    {
        using var client = await ConsoleClient.Welcomed(await Started());
        await EventFilter.Warning(contains: "bytes unread").ExpectOneAsync(
            TimeSpan.FromSeconds(20), async () => await client.Say(new ConsoleMessage.Run("test flood")));
        ConsoleMessage? heard;
        do heard = await client.Hear();
        while (heard is ConsoleMessage.Output);
        Assert.Null(heard);
    }

    [Theory]
    [InlineData("474554202f20485454502f312e310d0a", "none of the console's protocol")]
    [InlineData("0000000109", "none of the console's protocol")]
    [InlineData("00000007040000000261" + "62", "A Run is not what a client may say now")]
    [InlineData("0000000601" + "09" + "00000000", "speaks version 1 of the console's protocol, and not 9")]
    public async Task Who_does_not_say_hello_in_this_protocol_is_told_so_and_closed(string hex, string words)
    {
        using var client = await ConsoleClient.Connect(await Started());
        await client.SayBytes(Convert.FromHexString(hex));
        Assert.Contains(words, Assert.IsType<ConsoleMessage.Refused>(await client.Hear()).Why, StringComparison.Ordinal);
        Assert.Null(await client.Hear());
    }

    [Fact]
    public async Task Who_goes_on_sending_can_still_read_why_it_is_closed()
    {
        using var client = await ConsoleClient.Connect(await Started());
        await client.SayBytes(new byte[100_000]);
        Assert.Contains("a frame of 0 bytes", Assert.IsType<ConsoleMessage.Refused>(await client.Hear()).Why, StringComparison.Ordinal);
        await client.SayBytes(new byte[100_000]);
        Assert.Null(await client.Hear());
    }

    [Fact]
    public async Task A_second_line_before_the_first_has_ended_is_refused()
    {
        using var client = await ConsoleClient.Welcomed(await Started());
        await client.Say(new ConsoleMessage.Run("test endless"));
        await client.Say(new ConsoleMessage.Run("test lines"));
        Assert.IsType<ConsoleMessage.Output>(await client.Hear());
        Assert.IsType<ConsoleMessage.Refused>(await client.Hear());
        Assert.Null(await client.Hear());
    }

    [Fact]
    public async Task A_palette_is_taken_once_and_before_the_start()
    {
        var cmd = PetabridgeCmd.Get(Sys);
        Assert.True(cmd.RegisterCommandPalette(_palette));
        Assert.False(cmd.RegisterCommandPalette(new TestPalette()));
        Assert.Equal(1, _palette.Registered);
        cmd.Start();
        cmd.Start();
        Assert.NotNull(await cmd.Bound);
        Assert.Throws<InvalidOperationException>(() => cmd.RegisterCommandPalette(new TestPalette()));
        Assert.Same(cmd, PetabridgeCmd.Get(Sys));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_logged_and_the_process_goes_on()
    {
        var taken = await Started();
        var other = ActorSystem.Create("other", ConfigurationFactory.ParseString($"petabridge.cmd.port = {taken.Port}").WithFallback(Sys.Settings.Config));
        var errors = CreateTestProbe();
        other.EventStream.Subscribe(errors.Ref, typeof(Error));
        PetabridgeCmd.Get(other).Start();
        Assert.Null(await PetabridgeCmd.Get(other).Bound);
        var said = errors.ExpectMsg<Error>(TimeSpan.FromSeconds(10)).ToString();
        Assert.Contains($"could not be bound to [127.0.0.1:{taken.Port}]", said, StringComparison.Ordinal);
        Assert.Contains("goes on without a console", said, StringComparison.Ordinal);
        Assert.False(other.WhenTerminated.IsCompleted);
        await other.Terminate();
    }

    private async Task<IPEndPoint> Started()
    {
        var cmd = PetabridgeCmd.Get(Sys);
        cmd.RegisterCommandPalette(_palette);
        cmd.Start();
        return (await cmd.Bound)!;
    }
}
