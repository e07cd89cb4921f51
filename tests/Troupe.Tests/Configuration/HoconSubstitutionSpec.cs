using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Troupe.Tests.Configuration;

public sealed class HoconSubstitutionSpec
{
    private static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);

    [Theory]
    [InlineData("a = 1, x = ${a}", "1")]
    [InlineData("x = ${a}, a = 1", "1")]
    [InlineData("x = ${a}, a = 1, a = 2", "2")]
    [InlineData("x = pre ${a} post, a = 1", "pre 1 post")]
    [InlineData("x = ${?no} 1", " 1")]
    [InlineData("x = 1, x = ${?no}", "1")]
    [InlineData("x = 1, x = ${x}2", "12")]
    [InlineData("x = ${?x}2", "2")]
    [InlineData("a { b = ${c}, c = 2 }, c = 1, x = ${a.b}", "1")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }, bar { foo = 43 }, x = ${bar.baz}", "43")]
    [InlineData("a { x = 1 }, b = ${a} { y = 2 }, x = ${b.x}${b.y}", "12")]
    [InlineData("a { x = 1 }, b = { y = ${b.x} } ${a}, x = ${b.y}", "1")]
    [InlineData("a = 1, b = ${a}, a = ${b}, x = ${a}", "1")]
    [InlineData("\"a.b\" = 1, x = ${\"a.b\"}", "1")]
    [InlineData("a = null, x = ${a}x", "nullx")]
    public void A_substitution_sees_the_final_value_and_itself_as_it_was(string hocon, string expected) =>
        Assert.Equal(expected, Parse(hocon).GetString("x"));

    [Fact]
    public void A_self_reference_inside_an_object_looks_back()
    {
        var foo = Parse("foo : { a : { c : 1 } }, foo : ${foo.a}, foo : { a : 2 }").GetConfig("foo")!;
        Assert.Equal(2, foo.GetInt("a"));
        Assert.Equal(1, foo.GetInt("c"));
    }

    [Theory]
    [InlineData("a = ${b}, b = ${a}", 1, 15)]
    [InlineData("a = ${a}", 1, 5)]
    [InlineData("a = [${a}]", 1, 6)]
    [InlineData("a { b = ${a} }", 1, 9)]
    [InlineData("a = ${b}\nb = ${c}\nc = ${a}", 3, 5)]
    [InlineData("a = ${no.such}", 1, 5)]
    [InlineData("a = ${b} { c = 1 }, b = 1", 1, 5)]
    [InlineData("a = ${b} [1], b = 1", 1, 5)]
    public void Circles_and_missing_values_are_errors_when_they_are_read(string hocon, int line, int column)
    {
        var error = Assert.Throws<ConfigurationException>(() => Parse(hocon).GetValue("a"));
        Assert.Contains($"at line {line}, column {column}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Optional_circles_are_absent()
    {
        var config = Parse("a = ${?b}, b = ${?a}, c = ${?c}");
        Assert.False(config.HasPath("a"));
        Assert.False(config.HasPath("c"));
    }

    [Fact]
    public void What_the_configuration_does_not_define_comes_from_the_environment()
    {
        const string Variable = "TROUPE_HOCON_SPEC";
        Environment.SetEnvironmentVariable(Variable, "from-environment");
        try
        {
            Assert.Equal("from-environment", Parse($"a = ${{{Variable}}}").GetString("a"));
            Assert.Equal("from-environment:x", Parse($"{Variable} = ${{{Variable}}}\":x\"").GetString(Variable));
            Assert.Equal("own", Parse($"{Variable} = own, a = ${{?{Variable}}}").GetString("a"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Fact]
    public void Substitutions_see_the_whole_stack()
    {
        var stack = Parse("port = 4053, list = ${list} [3]").WithFallback(Parse("url = \"h:\"${port}, port = 1, list = [1, 2]"));
        Assert.Equal("h:4053", stack.GetString("url"));
        Assert.Equal([1, 2, 3], stack.GetIntList("list"));
        Assert.Equal(5, Parse("a = ${b}").WithFallback(Parse("b = 5")).GetInt("a"));
    }

    [Fact]
    public void Growth_without_bound_is_an_error()
    {
        static string Chain(int length, Func<string, string> link) =>
            string.Concat(Enumerable.Range(0, length).Select(i => $"a{i} = {link($"${{a{i + 1}}}")}\n")) + $"a{length} = x";
        var text = Chain(60, next => next + next);
        var objects = Chain(60, next => $"{{ l = {next}, r = {next} }}");
        var chain = Chain(2_000, next => next);
        foreach (var hocon in new[] { text, objects, chain })
        {
            var error = Assert.Throws<ConfigurationException>(() => Parse(hocon).GetValue("a0"));
            Assert.Contains("column", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Looking_back_many_times_stays_fast()
    {
        var hocon = "a = [0]\n" + string.Concat(Enumerable.Repeat("a = ${a} [1]\n", 300));
        Assert.Equal(301, Parse(hocon).GetIntList("a").Count);
        var doubled = "a = x\n" + string.Concat(Enumerable.Repeat("a = ${a}${a}\n", 16));
        Assert.Equal(65_536, Parse(doubled).GetString("a")!.Length);
    }

    [Fact]
    public void An_included_text_finds_its_own_values_first_then_the_root()
    {
        var config = ConfigurationFactory.ParseString("section { include \"inner\" }, shared = root, own = no",
            name => Parser.Parse($"own = {name}, a = ${{own}}, b = ${{shared}}", _ => null!));
        Assert.Equal("inner", config.GetString("section.a"));
        Assert.Equal("root", config.GetString("section.b"));
    }

    [Fact]
    public void Includes_read_files_relative_to_the_including_file_and_circles_end()
    {
        var directory = Directory.CreateTempSubdirectory("hocon");
        try
        {
            Directory.CreateDirectory(Path.Combine(directory.FullName, "sub"));
            void Write(string name, string hocon) => File.WriteAllText(Path.Combine(directory.FullName, name), hocon);
            Write("one.conf", "a = 1, include \"sub/two.conf\", include file(\"none.conf\")");
            Write("sub/two.conf", "b = 2, include required(file(\"three.conf\"))");
            Write("sub/three.conf", "c = 3");
            Write("loop.conf", "include \"loop.conf\"");
            Write("bad.conf", "a = 1\nb = @");
            string Include(string name) => $"include \"{Path.Combine(directory.FullName, name).Replace('\\', '/')}\"";

            var config = Parse(Include("one.conf"));
            Assert.Equal(6, config.GetInt("a") + config.GetInt("b") + config.GetInt("c"));
            Assert.Contains("includes itself", Assert.Throws<ConfigurationException>(() => Parse(Include("loop.conf"))).Message,
                StringComparison.Ordinal);
            var error = Assert.Throws<ConfigurationException>(() => Parse(Include("bad.conf")));
            Assert.Contains("line 2, column 5 of ", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
