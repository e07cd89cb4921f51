using Petabridge.Cmd.Protocol;
using Petabridge.Cmd.Shell;

namespace Troupe.Cmd.Tests.Shell;

/// <summary>What a client makes of palettes that it has been told of, and of '>' in a line.</summary>
public sealed class ShellSpec
{
    private static readonly ShownPalette[] Palettes =
    [
        new("cluster", [new("show", "Every member.", []), new("status", "This node.", [])]),
        new("kv", [new("locate", "Where a key is.",
        [
            new("key", "the key", ["-k", "--key"], true, false, "", []), new("depth", "how deep", ["-d"], false, true, "4", ["1", "9"]),
        ])]),
    ];

    [Theory]
    [InlineData("", "cluster|exit|help|kv")]
    [InlineData("c", "cluster")]
    [InlineData("cluster ", "show|status")]
    [InlineData("cluster st", "status")]
    [InlineData("kv locate ", "--key|-d|-k")]
    [InlineData("kv locate -k x -", "-d")]
    [InlineData("kv locate -d ", "1|9")]
    [InlineData("help c", "cluster")]
    [InlineData("help cluster s", "show|status")]
    [InlineData("nothing ", "")]
    public void The_next_word_is_one_that_the_node_has_told_of(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', Completion.Of(line, Palettes)));

    [Fact]
    public void Help_lists_commands_and_shows_one_with_its_switches()
    {
        Assert.Equal(["cluster show    Every member.", "cluster status  This node."], HelpText.Of(["cluster"], Palettes));
        Assert.Equal(
        [
            "kv locate -k KEY [-d DEPTH]...", "Where a key is.", "  -k, --key  the key", "  -d         how deep (default: 4); such as 1, 9",
        ], HelpText.Of(["kv", "locate"], Palettes));
        Assert.Contains("kv locate  Where a key is.", HelpText.Of([], Palettes)!);
        Assert.Null(HelpText.Of(["kv", "nothing"], Palettes));
    }

    [Theory]
    [InlineData("kv ring", "kv ring", null)]
    [InlineData("kv ring > out.txt", "kv ring ", "out.txt")]
    [InlineData("kv ring >\"my file\"", "kv ring ", "my file")]
    [InlineData("kv locate -k \"a > b\"", "kv locate -k \"a > b\"", null)]
    public void What_follows_a_bare_angle_is_the_file(string line, string command, string? file) =>
        Assert.Equal(new Redirection(command, file), Redirection.Of(line));

    [Theory]
    [InlineData("kv ring >")]
    [InlineData("kv ring > two files")]
    [InlineData("kv ring >> twice")]
    public void Where_no_one_file_follows_it_is_none(string line) => Assert.Null(Redirection.Of(line));
}
