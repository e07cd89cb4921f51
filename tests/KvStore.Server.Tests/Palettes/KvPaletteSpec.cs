using Akka.Actor;
using KvStore.Node;
using KvStore.Node.Tests;
using KvStore.Server.Palettes;
using Microsoft.AspNetCore.Http;
using Petabridge.Cmd;

namespace KvStore.Server.Tests.Palettes;

/// <summary>Palette <c>kv</c> of a node that is a cluster by itself, as its handler answers.</summary>
public sealed class KvPaletteSpec() : Akka.TestKit.Xunit2.TestKit(TestNodes.ConfigOf(TestNodes.Alone)), IAsyncLifetime
{
    private const string Id = "6f1d3c5a8e7b4290a1c3e5f708192a3b";
    private KvNode _node = null!;

    public async Task InitializeAsync() => _node = await TestNodes.Start(Sys);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void Every_command_of_the_palette_is_answered_and_ends()
    {
        string[] reads = ["status", "ring", "transfers", "hints", "anti-entropy", "repair", "links", "buckets", "clear"];
        foreach (var command in reads) Assert.False(Ask(command).HasFailed, command);
        string[] refused = ["plan", "commit", "cancel"];
        foreach (var command in refused) Assert.Contains("Nothing was changed", Failed(command), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_HTTP_door_answers_is_shown_in_lines()
    {
        var status = Ask("status").Lines;
        Assert.Contains($"node id     {Id}", status);
        Assert.Contains("quorum      n 1, r 1, w 1", status);
        Assert.Equal($"  {Id}  127.0.0.1:4053        yes", status.Last(line => line.Length > 0));
        Assert.Equal(["filling  none", "sending  none", ""], Ask("transfers").Lines);
        Assert.Contains($"  {Id}  127.0.0.1:4053        100     valid   64    64        yes", Ask("ring").Lines);
        Assert.Equal(64, Ask("ring", ("-p", "")).Lines.Count(line => line.Contains("at rest", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_key_is_located_by_its_text_or_its_bytes()
    {
        var byText = Ask("locate", ("-k", "fruit"));
        Assert.Contains("key        fruit", byText.Lines);
        Assert.Equal(byText.Lines, Ask("locate", ("-x", "6672756974")).Lines);
        Assert.Equal("'kv locate' wants the key, by -k TEXT or by -x DIGITS. Nothing was done.", Failed("locate"));
        Assert.Contains("no bucket 'nowhere'", Failed("locate", ("-k", "fruit"), ("-b", "nowhere")), StringComparison.Ordinal);
        Assert.Contains("not found", string.Join('\n', Ask("explain", ("-k", "fruit")).Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_is_staged_by_the_beginning_of_an_id_and_forgotten()
    {
        Assert.Equal("staged: nothing moves yet; 'kv plan' shows what would, 'kv commit' begins", Ask("leave", ("-n", Id[..4])).Lines[^1]);
        Assert.Contains("staged      leave 6f1d3c5a", Ask("ring").Lines);
        Assert.Contains("No node would be left", Failed("plan"), StringComparison.Ordinal);
        Assert.Equal("nothing is staged here any more", Ask("clear").Lines[^1]);
        Assert.Contains("staged      none", Ask("ring").Lines);
    }

    [Theory]
    [InlineData("6f1")]
    [InlineData("ffff")]
    [InlineData("")]
    public void A_name_that_means_no_node_changes_nothing(string name)
    {
        Assert.StartsWith($"'{name}' names no one node here. Nothing was changed;", Failed("remove", ("-n", name)), StringComparison.Ordinal);
        Assert.Contains("staged      none", Ask("ring").Lines);
    }

    [Fact]
    public void What_a_text_holds_is_not_for_the_terminal_to_obey()
    {
        var shown = AnswerLines.Of(Results.Json(new { schema = 1, name = "\e[2J", list = new[] { new { text = "a\nb", more = new { n = 1, none = "" } } } }));
        Assert.Equal(["name  \\x1b[2J", "list:", "  text    more", "  a\\x0ab  n 1", ""], shown.Select(response => response.Msg));
    }

    [Fact]
    public void A_node_that_does_not_answer_is_said_to_be_silent()
    {
        Assert.Equal("No answer in time. Nothing was changed; try again, or ask another node.",
            AnswerLines.OfFailure(new AskTimeoutException("late"), isRead: true).Single().Msg);
        Assert.Equal("No answer in time. The change may still be made; look before trying again.",
            AnswerLines.OfFailure(new AskTimeoutException("late"), isRead: false).Single().Msg);
    }

    private string Failed(string command, params (string Switch, string Value)[] arguments)
    {
        var (lines, hasFailed) = Ask(command, arguments);
        Assert.True(hasFailed, string.Join('\n', lines));
        return Assert.Single(lines);
    }

    private (List<string> Lines, bool HasFailed) Ask(string command, params (string Switch, string Value)[] arguments)
    {
        var asking = CreateTestProbe();
        var handler = Sys.ActorOf(new KvPalette(_node, Address.Parse("akka.tcp://kv@127.0.0.1:4053")).HandlerProps);
        asking.Send(handler, new Command("kv", command, [.. arguments.Select(one => Tuple.Create(one.Switch, one.Value))]));
        var lines = new List<string>();
        while (true)
        {
            var said = asking.ExpectMsg<object>(TimeSpan.FromSeconds(20));
            foreach (var response in said as IEnumerable<CommandResponse> ?? [(CommandResponse)said])
            {
                lines.Add(response.Msg);
                if (response.Final) return (lines, response is ErroredCommandResponse);
            }
        }
    }
}
