using KvStore.Node.Settings;

namespace KvStore.Node.Tests.Settings;

public sealed class HoconLinesSpec : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kv-lines-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Keys_are_found_whatever_stands_around_them() => Assert.Equal(
        ["a:1", "a.b:2", "a.c.d:3", "a.e:4", "a.f:5", "a.f.g:5", "a.f.h:6", "a.i:8", "a.j:12", "k.l.m:14", "n:15", "o:16"],
        LinesOf("""
            a {            # a brace in a comment: }
              b = "x = { y"
              c.d : 1 // e = 2
              e += [ { z = 1 } ]
              f { g = 1,
                h = ${?SOMETHING} }

              i = '''
              not.a.key = 1
              }
              '''
              j = [1,
                2] }
            k."l".m = 5s
            n=1
            o = yes, it is
            """.Replace("'''", "\"\"\"", StringComparison.Ordinal)).Where(line => !line.StartsWith("it is", StringComparison.Ordinal)));

    [Fact]
    public void A_key_that_is_set_twice_has_both_lines() => Assert.Equal(["a:1", "a:2"], LinesOf("a = 1\na = 2"));

    [Fact]
    public void Braces_around_the_whole_file_and_a_last_line_without_an_end_change_nothing() =>
        Assert.Equal(["a:2", "a.b:2"], LinesOf("{\n a { b = 1 } }"));

    [Fact]
    public void An_included_file_counts_its_own_lines_under_the_section_it_is_included_in()
    {
        File.WriteAllText(Path.Combine(_folder, "inner.conf"), "\nx = 1");
        var lines = HoconLines.Of(Write("a {\n include \"inner.conf\"\n y = 2 }"));
        Assert.Equal([("a", "outer.conf", 1), ("a.x", "inner.conf", 2), ("a.y", "outer.conf", 3)],
            lines.Select(line => (line.Path, Path.GetFileName(line.File), line.Line)));
    }

    [Theory]
    [InlineData("a = \"")]
    [InlineData("{{{{")]
    [InlineData("}}}} = = =")]
    [InlineData("a = [ \"\"\" ")]
    [InlineData("include")]
    [InlineData("= 1\n: 2\n+")]
    public void Texts_that_no_parser_would_take_are_read_to_their_end(string text) => Assert.True(LinesOf(text).Count >= 0);

    private List<string> LinesOf(string text) => [.. HoconLines.Of(Write(text)).Select(line => $"{line.Path}:{line.Line}")];

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "outer.conf");
        File.WriteAllText(path, text);
        return path;
    }
}
