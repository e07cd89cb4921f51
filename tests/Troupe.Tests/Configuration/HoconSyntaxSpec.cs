using Akka.Configuration;

namespace Troupe.Tests.Configuration;

public sealed class HoconSyntaxSpec
{
    private static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);

    [Theory]
    [InlineData("a { b = 1 }")]
    [InlineData("a.b = 1")]
    [InlineData("a.b : 1")]
    [InlineData("{ a { b : 1 } }")]
    [InlineData("a = { b = 1, }")]
    [InlineData("\"a\".\"b\" = 1")]
    [InlineData("{\"a\"\n:\n{\"b\":1}}")]
    [InlineData("a\n{\n b = 1\n}")]
    [InlineData("\uFEFFa.b = 1\r\n")]
    [InlineData("a.b = 2, a.b = 1")]
    [InlineData("a . b = 1 # comment")]
    [InlineData("// comment\na { # comment\n b = 1 // comment\n}")]
    public void Keys_may_be_nested_dotted_or_quoted(string hocon) => Assert.Equal(1, Parse(hocon).GetInt("a.b"));

    [Theory]
    [InlineData("a = x", "x")]
    [InlineData("a = x y  z ", "x y  z")]
    [InlineData("a = x \"y\" z # c", "x y z")]
    [InlineData("a = \"  x \"", "  x ")]
    [InlineData("a = \"q\\\" b\\\\ n\\n u\\u0041\"", "q\" b\\ n\n uA")]
    [InlineData("a = \"\"\"x\n \"y\" \\n\"\"\"", "x\n \"y\" \\n")]
    [InlineData("a = \"\"\"\"x\"\"\"\"", "\"x\"")]
    [InlineData("a = akka.tcp", "akka.tcp")]
    [InlineData("a = /user/x", "/user/x")]
    [InlineData("a = 1e+5", "1e+5")]
    [InlineData("a = \"null\"", "null")]
    [InlineData("a = \"\"", "")]
    public void Text_may_be_unquoted_quoted_or_triple_quoted(string hocon, string expected) =>
        Assert.Equal(expected, Parse(hocon).GetString("a"));

    [Theory]
    [InlineData("a = [1, 2, 3]")]
    [InlineData("a = [1\n2\n3\n]")]
    [InlineData("a = [1, 2, 3,]")]
    [InlineData("a = [1] [2, 3]")]
    [InlineData("a = [1], a = ${a} [2], a += 3")]
    [InlineData("a += 1, a += 2, a += 3")]
    [InlineData("a { 1 = 2, 0 = 1, 2 = 3 }")]
    public void Lists_join_and_grow(string hocon) => Assert.Equal([1, 2, 3], Parse(hocon).GetIntList("a"));

    [Fact]
    public void Objects_merge_and_the_last_value_wins()
    {
        var config = Parse("a { x = 1, y = 2 }, a { y = 3 }, a = {z = 4} {w = 5}, b { x = 1 }, b = 7, b { y = 8 }");
        Assert.Equal("w x y z", string.Join(' ', config.GetConfig("a")!.AsEnumerable().Select(f => f.Key).Order()));
        Assert.Equal(3, config.GetInt("a.y"));
        Assert.False(config.HasPath("b.x"));
        Assert.Equal(8, config.GetInt("b.y"));
    }

    [Fact]
    public void Lists_hold_objects_and_lists()
    {
        var list = Parse("a = [{ x = 1 }, [2, 3], {x = 4}{y = 5}]").GetValue("a")!.GetArray();
        Assert.Equal(1, list[0].GetObject().GetKey("x")!.GetInt());
        Assert.Equal([2, 3], list[1].GetIntList());
        Assert.Equal(5, list[2].GetChildObject("y")!.GetInt());
    }

    [Theory]
    [InlineData("a = 1\nb = @x", 2, 5, "'@'")]
    [InlineData("a = {\n  b = 1\n", 3, 1, "'{' opened at line 1, column 5")]
    [InlineData("a = [1, 2", 1, 10, "'[' opened at line 1, column 5")]
    [InlineData("a = 1\n}", 2, 1, "'}'")]
    [InlineData("a", 1, 2, "'a'")]
    [InlineData("a = \"x\ny\"", 1, 7, "opened at line 1, column 5")]
    [InlineData("a = \"\"\"x\ny", 2, 2, "opened at line 1, column 5")]
    [InlineData("a = \"\\q\"", 1, 6, "escape")]
    [InlineData("a = \"\\u12\"", 1, 6, "hexadecimal")]
    [InlineData("a = 1,, b = 2", 1, 7, "','")]
    [InlineData("a..b = 1", 1, 3, "key is missing")]
    [InlineData(".a = 1", 1, 1, "key is missing")]
    [InlineData("a = ", 1, 5, "value is missing")]
    [InlineData("a = ${b", 1, 8, "opened at line 1, column 5")]
    [InlineData("a = [1] x", 1, 9, "do not join")]
    [InlineData("a = {b = 1} [2]", 1, 13, "do not join")]
    [InlineData("[1]", 1, 1, "list")]
    [InlineData("{ a = 1 } b", 1, 11, "'b'")]
    [InlineData("include foo(\"x\")", 1, 9, "include")]
    [InlineData("include required(\"no-such-file.conf\")", 1, 1, "no-such-file.conf")]
    public void An_error_says_what_is_wrong_and_where(string hocon, int line, int column, string what)
    {
        var error = Assert.Throws<ConfigurationException>(() => Parse(hocon));
        Assert.Contains($"at line {line}, column {column}", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        foreach (var (open, close) in new[] { ("[", "]"), ("{a=", "}"), ("[{a=", "}]"), ("[{a.b.c.d.e.f.g=", "}]") })
        {
            static string Many(string part) => string.Concat(Enumerable.Repeat(part, 20_000));
            var text = "a=" + Many(open) + "1" + Many(close);
            Assert.Contains("column", Assert.Throws<ConfigurationException>(() => Parse(text)).Message, StringComparison.Ordinal);
        }
        Assert.Throws<ConfigurationException>(() => Parse(string.Join('.', Enumerable.Repeat("a", 200)) + " = 1"));
    }

    [Fact]
    public void Include_as_a_key_is_an_ordinary_key()
    {
        Assert.Equal(1, Parse("include = 1").GetInt("include"));
        Assert.Equal(2, Parse("include.x = 2").GetInt("include.x"));
        Assert.Equal(3, Parse("includes = 3").GetInt("includes"));
    }
}
