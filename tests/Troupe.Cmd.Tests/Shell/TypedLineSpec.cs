using FsCheck;
using FsCheck.Fluent;
using Petabridge.Cmd.Shell;

namespace Troupe.Cmd.Tests.Shell;

/// <summary>How a line is split into words.</summary>
public sealed class TypedLineSpec
{
    [Theory]
    [InlineData("kv  ring ", "kv|ring")]
    [InlineData("kv locate -k \"two words\"", "kv|locate|-k|two words")]
    [InlineData("-k \"\" x", "-k||x")]
    [InlineData("a\\ b \\\"", "a b|\"")]
    [InlineData("", "")]
    public void Blanks_part_words_unless_they_are_quoted(string line, string words) =>
        Assert.Equal(words, string.Join('|', TypedLine.Split(line)!));

    [Theory]
    [InlineData("kv \"ring")]
    [InlineData("kv ring\\")]
    public void A_line_that_does_not_end_is_none(string line) => Assert.Null(TypedLine.Split(line));

    [Fact]
    public void Words_that_are_joined_are_split_again() => Prop.ForAll(
        ArbMap.Default.ArbFor<string[]>(), words =>
        {
            var given = words.Select(word => word ?? "").ToArray();
            Assert.Equal(given, TypedLine.Split(TypedLine.Join(given)));
        }).QuickCheckThrowOnFailure();
}
