using Akka.Configuration;

namespace Troupe.Tests.Configuration;

public sealed class ConfigSpec
{
    private static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);

    [Fact]
    public void A_missing_setting_gives_the_default()
    {
        var config = Parse("a = 1");
        Assert.False(config.HasPath("b"));
        Assert.Null(config.GetString("b"));
        Assert.Equal("d", config.GetString("b", "d"));
        Assert.Equal(7, config.GetInt("b", 7));
        Assert.True(config.GetBoolean("b", true));
        Assert.Equal(TimeSpan.Zero, config.GetTimeSpan("b"));
        Assert.Equal(TimeSpan.FromSeconds(2), config.GetTimeSpan("b", TimeSpan.FromSeconds(2)));
        Assert.Null(config.GetByteSize("b"));
        Assert.Equal(9, config.GetByteSize("b", 9));
        Assert.Empty(config.GetStringList("b"));
        Assert.Equal(["x"], config.GetStringList("b", ["x"]));
        Assert.Null(config.GetConfig("b"));
        Assert.Null(config.GetConfig("a.b"));
        Assert.Null(config.GetValue("b.c.d"));
    }

    [Fact]
    public void A_null_hides_lower_layers_and_counts_as_absent_for_typed_getters()
    {
        var config = Parse("a = null, s = null").WithFallback(Parse("a = 1, s { x = 1 }"));
        Assert.True(config.HasPath("a"));
        Assert.Null(config.GetString("a", "d"));
        Assert.Equal(5, config.GetInt("a", 5));
        Assert.Null(config.GetConfig("s"));
    }

    [Fact]
    public void Every_type_reads_its_values()
    {
        var config = Parse("i = -3, l = 9000000000, d = 0.25, on = on, no = no")
            .WithFallback(Parse("list = [a, \"b c\"], bools = [yes, off], bytes = [1, 255]"));
        Assert.Equal(-3, config.GetInt("i"));
        Assert.Equal(9_000_000_000, config.GetLong("l"));
        Assert.Equal(0.25, config.GetDouble("d"));
        Assert.Equal(0.25f, config.GetFloat("d"));
        Assert.Equal(0.25m, config.GetDecimal("d"));
        Assert.True(config.GetBoolean("on"));
        Assert.False(config.GetBoolean("no", true));
        Assert.Equal(["a", "b c"], config.GetStringList("list"));
        Assert.Equal([true, false], config.GetBooleanList("bools"));
        Assert.Equal([1, 255], config.GetByteList("bytes"));
    }

    [Theory]
    [InlineData("100ns", 1)]
    [InlineData("3 us", 30)]
    [InlineData("7", 70_000)]
    [InlineData("7 millis", 70_000)]
    [InlineData("1.5s", 15_000_000)]
    [InlineData("2 minutes", 1_200_000_000)]
    [InlineData("1h", 36_000_000_000)]
    [InlineData("1d", 864_000_000_000)]
    [InlineData("infinite", -10_000)]
    public void Durations_have_units(string text, long ticks) =>
        Assert.Equal(TimeSpan.FromTicks(ticks), Parse($"a = {text}").GetTimeSpan("a"));

    [Theory]
    [InlineData("10", 10)]
    [InlineData("128000b", 128_000)]
    [InlineData("2 kB", 2_000)]
    [InlineData("2kb", 2_000)]
    [InlineData("2k", 2_048)]
    [InlineData("2KiB", 2_048)]
    [InlineData("1.5 MiB", 1_572_864)]
    [InlineData("3MB", 3_000_000)]
    [InlineData("1G", 1_073_741_824)]
    public void Sizes_have_units(string text, long bytes) => Assert.Equal(bytes, Parse($"a = {text}").GetByteSize("a"));

    public static TheoryData<string, Action<Config>> WrongTypes => new()
    {
        { "x", c => c.GetInt("s.a") },
        { "3000000000", c => c.GetInt("s.a") },
        { "x", c => c.GetDouble("s.a") },
        { "True", c => c.GetBoolean("s.a") },
        { "5 parsecs", c => c.GetTimeSpan("s.a") },
        { "-5s", c => c.GetTimeSpan("s.a") },
        { "infinite", c => c.GetTimeSpan("s.a", allowInfinite: false) },
        { "99999999999999d", c => c.GetTimeSpan("s.a") },
        { "5 potatoes", c => c.GetByteSize("s.a") },
        { "9EiB", c => c.GetByteSize("s.a") },
        { "x", c => c.GetStringList("s.a") },
        { "x", c => c.GetConfig("s.a") },
        { "{}", c => c.GetString("s.a") },
        { "[1]", c => c.GetInt("s.a") },
        { "\"\"", c => c.GetInt("s.a") },
    };

    [Theory]
    [MemberData(nameof(WrongTypes))]
    public void A_value_of_the_wrong_type_is_an_error_with_path_and_place(string value, Action<Config> read)
    {
        var error = Assert.Throws<ConfigurationException>(() => read(Parse($"s {{\n  a = {value}\n}}")));
        Assert.Contains("The setting s.a is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("at line 2, column 7", error.Message, StringComparison.Ordinal);
        if (char.IsAsciiLetterOrDigit(value[0])) Assert.Contains($"'{value}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_element_of_the_wrong_type_is_named_by_its_index()
    {
        var error = Assert.Throws<ConfigurationException>(() => Parse("a = [1, x]").GetIntList("a"));
        Assert.Contains("The setting a[1] is 'x'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Higher_layers_win_and_sections_merge()
    {
        var config = Parse("a { x = 1 }").WithFallback(Parse("a { x = 2, y = 2 }")).WithFallback(Parse("a { y = 3, z = 3 }"));
        Assert.Equal("1 2 3", $"{config.GetInt("a.x")} {config.GetInt("a.y")} {config.GetInt("a.z")}");
        Assert.Equal(3, config.Fallback!.Fallback!.GetInt("a.y"));
        Assert.Equal(1, (Parse("a { x = 1 }") + "a { x = 2 }").GetInt("a.x"));
        Config implicitly = "b = 2";
        Assert.Equal(2, implicitly.GetInt("b"));
    }

    [Fact]
    public void A_value_that_is_no_section_hides_the_sections_below_it()
    {
        var config = Parse("a { x = 1 }").WithFallback(Parse("a = 3")).WithFallback(Parse("a { y = 2 }"));
        Assert.Equal(1, config.GetInt("a.x"));
        Assert.False(config.HasPath("a.y"));
    }

    [Fact]
    public void Fallbacks_that_are_nothing_change_nothing()
    {
        var config = Parse("a = 1");
        Assert.Same(config, config.WithFallback(null));
        Assert.Same(config, config.WithFallback(Config.Empty));
        Assert.Same(config, Config.Empty.WithFallback(config));
        Assert.Throws<ArgumentException>(() => config.WithFallback(config));
        Assert.Same(config, ((Config?)null).SafeWithFallback(config));
        Assert.True(Parse("# only a comment").IsEmpty);
        Assert.True(((Config?)null).IsNullOrEmpty());
    }

    [Fact]
    public void Sections_are_enumerated_by_key_the_top_layer_first()
    {
        var config = Parse("b = 1, \"System.Byte[], x\" = bytes").WithFallback(Parse("a { x = 1 }, b = 2"));
        Assert.Equal(["b", "System.Byte[], x", "a"], config.AsEnumerable().Select(f => f.Key));
        Assert.Equal("bytes", config.GetString("\"System.Byte[], x\""));
        Assert.Equal("1", config.Root.GetObject().Unwrapped["b"]);
    }

    [Fact]
    public void ToString_shows_the_top_layer_or_the_whole_stack()
    {
        var config = Parse("a = 1").WithFallback(Parse("b { c = \"x y\" }"));
        Assert.Equal("a : 1\n", config.ToString());
        Assert.Equal("a : 1\nb : {\n  c : \"x y\"\n}\n", config.ToString(includeFallback: true));
    }

    [Fact]
    public void An_object_becomes_settings()
    {
        var source = new { akka = new { loglevel = "DEBUG", seeds = new[] { "a:1" }, on = true } };
        var config = ConfigurationFactory.FromObject(source);
        Assert.Equal("DEBUG", config.GetString("akka.loglevel"));
        Assert.Equal(["a:1"], config.GetStringList("akka.seeds"));
        Assert.True(config.GetBoolean("akka.on"));
    }

    [Fact]
    public void A_value_becomes_a_section_elsewhere()
    {
        var value = Parse("a { b = 1 }").GetValue("a")!;
        Assert.Equal(1, value.ToConfig().GetInt("b"));
        Assert.Equal(1, value.AtKey("x").GetInt("x.b"));
    }

    [Fact]
    public void A_missing_resource_is_named()
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationFactory.FromResource<ConfigSpec>("no.conf"));
        Assert.Contains("'no.conf'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Troupe.Tests", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_file_of_the_application_is_read()
    {
        var path = Path.GetTempFileName();
        try
        {
            Assert.True(AppConfigFile.Read(path + ".none").IsEmpty);
            const string Hocon = "<![CDATA[ akka.loglevel = DEBUG ]]>";
            File.WriteAllText(path, $"<configuration><akka><hocon>{Hocon}</hocon></akka></configuration>");
            Assert.Equal("DEBUG", AppConfigFile.Read(path).GetString("akka.loglevel"));
            File.WriteAllText(path, "<configuration>");
            Assert.Throws<ConfigurationException>(() => AppConfigFile.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
