using System.Text;
using KvStore.Server.Resp;

namespace KvStore.Server.Tests.Resp;

/// <summary>The patterns of KEYS and SCAN.</summary>
public sealed class GlobPatternSpec
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "anything", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("user:*", "user:1", true)]
    [InlineData("user:*", "users", false)]
    [InlineData("h?llo", "hello", true)]
    [InlineData("h?llo", "hllo", false)]
    [InlineData("h*llo", "heeeello", true)]
    [InlineData("*a*b*c", "xaybzbc", true)]
    [InlineData("*a*b*c", "xaybzcb", false)]
    [InlineData("h[ae]llo", "hallo", true)]
    [InlineData("h[ae]llo", "hillo", false)]
    [InlineData("h[^e]llo", "hallo", true)]
    [InlineData("h[^e]llo", "hello", false)]
    [InlineData("h[a-c]llo", "hbllo", true)]
    [InlineData("h[c-a]llo", "hbllo", true)]
    [InlineData("h[a-c]llo", "hdllo", false)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[ab", "b", true)]
    [InlineData("[ab", "c", false)]
    [InlineData("a\\*c", "a*c", true)]
    [InlineData("a\\*c", "abc", false)]
    [InlineData("a\\", "a\\", true)]
    [InlineData("**", "ab", true)]
    public void A_pattern_takes_what_Redis_takes(string pattern, string text, bool matches) =>
        Assert.Equal(matches, GlobPattern.Matches(Encoding.Latin1.GetBytes(pattern), Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void Many_stars_cost_no_more_than_the_product_of_the_lengths()
    {
        var pattern = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a*", 1000)) + "b");
        Assert.False(GlobPattern.Matches(pattern, Encoding.ASCII.GetBytes(new string('a', 2048))));
    }
}
