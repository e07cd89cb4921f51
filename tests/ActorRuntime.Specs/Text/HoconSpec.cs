using Akka.Configuration;

namespace ActorRuntime.Specs.Text;

public sealed class HoconSpec
{
    [Fact]
    public void Dotted_keys_and_nested_objects_are_the_same()
    {
        var config = Parse("a.b.c = 1\na { b { d = 2 } }");

        Assert.Equal(1, config.GetInt("a.b.c"));
        Assert.Equal(2, config.GetInt("a.b.d"));
    }

    [Fact]
    public void A_later_value_wins_and_objects_are_merged()
    {
        var config = Parse("a { x = 1, y = 1 }\na { y = 2, z = 2 }\nb = 1\nb = 2");

        Assert.Equal((1, 2, 2), (config.GetInt("a.x"), config.GetInt("a.y"), config.GetInt("a.z")));
        Assert.Equal(2, config.GetInt("b"));
    }

    [Fact]
    public void Comments_begin_with_a_hash_or_two_slashes()
    {
        var config = Parse("# one\na = 1 # two\n// three\nb = 2 // four\nc = \"# not // one\"");

        Assert.Equal((1, 2, "# not // one"), (config.GetInt("a"), config.GetInt("b"), config.GetString("c")));
    }

    [Fact]
    public void Equals_colon_or_nothing_before_a_brace()
    {
        var config = Parse("a = 1\nb : 2\nc { d = 3 }\ne = { f = 4 }");

        Assert.Equal((1, 2, 3, 4), (config.GetInt("a"), config.GetInt("b"), config.GetInt("c.d"), config.GetInt("e.f")));
    }

    [Fact]
    public void Json_is_hocon()
    {
        var config = Parse("""{ "a": { "b": [1, 2, 3], "c": "text", "d": true, "e": null } }""");

        Assert.Equal([1, 2, 3], config.GetIntList("a.b"));
        Assert.Equal("text", config.GetString("a.c"));
        Assert.True(config.GetBoolean("a.d"));
    }

    [Fact]
    public void Arrays_stand_on_one_line_or_on_several()
    {
        var config = Parse("a = [x, \"y z\", 3]\nb = [\n  one\n  two,\n  three\n]");

        Assert.Equal(["x", "y z", "3"], config.GetStringList("a"));
        Assert.Equal(["one", "two", "three"], config.GetStringList("b"));
    }

    [Fact]
    public void A_substitution_takes_the_value_of_another_path()
    {
        var config = Parse("base = /data\ndir = ${base}/store\ncopy = ${a}\na { x = 1 }");

        Assert.Equal("/data/store", config.GetString("dir"));
        Assert.Equal(1, config.GetInt("copy.x"));
    }

    [Fact]
    public void A_substitution_without_a_value_is_an_error() => 
        Assert.ThrowsAny<Exception>(() => Parse("a = ${not.there}").GetString("a"));

    [Fact]
    public void Triple_quotes_keep_lines_and_quotes()
    {
        var text = "first \"line\"\nsecond\\n";

        Assert.Equal(text, Parse($"a = \"\"\"{text}\"\"\"").GetString("a"));
    }

    [Fact]
    public void Escapes_work_in_quoted_strings() => Assert.Equal("tab\tquote\"ü", Parse("a = \"tab\\tquote\\\"\\u00fc\"").GetString("a"));

    [Fact]
    public void A_quoted_key_is_one_key_dots_and_slashes_included()
    {
        var config = Parse("\"a.b\" { c = 1 }\n/user/x { d = 2 }");

        Assert.Equal(1, config.GetInt("\"a.b\".c"));
        Assert.Equal(2, config.GetInt("/user/x.d"));
    }

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("10 s", 10_000)]
    [InlineData("250ms", 250)]
    [InlineData("250 milliseconds", 250)]
    [InlineData("1.5 minutes", 90_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("100", 100)]
    public void Durations_have_units_and_are_milliseconds_without(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Parse($"a = {text}").GetTimeSpan("a"));

    [Fact]
    public void An_infinite_duration_is_minus_one_millisecond() =>
        Assert.Equal(Timeout.InfiniteTimeSpan, Parse("a = infinite").GetTimeSpan("a"));

    [Theory]
    [InlineData("100", 100)]
    [InlineData("100b", 100)]
    [InlineData("1kB", 1000)]
    [InlineData("1KiB", 1024)]
    [InlineData("2MiB", 2 * 1024 * 1024)]
    [InlineData("1MB", 1_000_000)]
    public void Sizes_have_units_and_are_bytes_without(string text, long bytes) =>
        Assert.Equal(bytes, Parse($"a = {text}").GetByteSize("a"));

    [Theory]
    [InlineData("on", true)]
    [InlineData("true", true)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    public void Switches_are_on_and_off(string text, bool expected) => Assert.Equal(expected, Parse($"a = {text}").GetBoolean("a"));

    [Fact]
    public void Numbers_are_read_as_asked_for()
    {
        var config = Parse("i = 42\nd = 2.5\nl = 5000000000");

        Assert.Equal((42, 2.5, 5_000_000_000), (config.GetInt("i"), config.GetDouble("d"), config.GetLong("l")));
    }

    [Fact]
    public void A_fallback_gives_what_is_missing_and_nothing_else()
    {
        var config = Parse("a { x = 1 }").WithFallback(Parse("a { x = 2, y = 2 }\nb = 2"));

        Assert.Equal((1, 2, 2), (config.GetInt("a.x"), config.GetInt("a.y"), config.GetInt("b")));
    }

    [Fact]
    public void Fallbacks_can_be_chained_and_the_first_wins()
    {
        var config = Parse("a = 1").WithFallback(Parse("a = 2\nb = 2")).WithFallback(Parse("a = 3\nb = 3\nc = 3"));

        Assert.Equal((1, 2, 3), (config.GetInt("a"), config.GetInt("b"), config.GetInt("c")));
    }

    [Fact]
    public void A_value_that_is_absent_is_the_default_given()
    {
        var config = Parse("a = 1");

        Assert.Equal(7, config.GetInt("b", 7));
        Assert.Equal("none", config.GetString("b", "none"));
        Assert.False(config.HasPath("b"));
        Assert.True(config.HasPath("a"));
    }

    [Fact]
    public void A_section_can_be_taken_by_itself()
    {
        var section = Parse("a.b { c = 1, d { e = 2 } }").GetConfig("a.b")!;

        Assert.Equal((1, 2), (section.GetInt("c"), section.GetInt("d.e")));
    }

    private static Config Parse(string text) => ConfigurationFactory.ParseString(text);
}
