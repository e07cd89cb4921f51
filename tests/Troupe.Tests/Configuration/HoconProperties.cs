using System.Text;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using FsCheck;
using FsCheck.Fluent;

namespace Troupe.Tests.Configuration;

public sealed class HoconProperties
{
    private static readonly string[] Fragments =
    [
        "a", "b.c", "\"q\"", "include ", "include \"x\"", "=", ":", "+=", "{", "}", "[", "]", ",", "\n", " ", "#", "//", "${a}",
        "${?b.c}", "${", "\"", "\"\"\"", "\\", "\\u00", "null", "on", "1", "1.5s", "@", "$", "+", ".", "..", "\r", "\0",
        "\uD800", "é", "\u2028",
    ];

    [Fact]
    public void What_is_printed_reads_back_as_the_same_value() =>
        Prop.ForAll(Objects(3).ToArbitrary(), value =>
        {
            var fields = new HoconObject();
            foreach (var (key, child) in value.GetObject().Items) fields.Items.Add(key, child);
            var printed = fields.ToString();
            return Same(value, ConfigurationFactory.ParseString(printed).Root);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_either_reads_or_is_refused_with_a_place()
    {
        for (var seed = 0; seed < 4_000; seed++)
        {
            var random = new System.Random(seed);
            var text = new StringBuilder();
            for (var length = random.Next(40); length > 0; length--)
            {
                var fragment = Fragments[random.Next(Fragments.Length)];
                text.Append(random.Next(20) == 0 ? ((char)random.Next(0x3000)).ToString() : fragment);
            }
            AssertReadsOrRefuses(text.ToString(), seed);
        }
    }

    [Fact]
    public void A_valid_text_with_one_flaw_either_reads_or_is_refused_with_a_place()
    {
        const string Text = """
            akka { # comment
              actor.provider = remote, list = [1, 2, {x = "y\n"}]
              a = ${?akka.actor.provider}"-x" // more
              a = ${akka.a}z
              list += 3
              "quoted.key" { d = 10s, s = 64KiB }
              t = ${akka."quoted.key"} { e = 1 }
            }
            """;
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new System.Random(seed);
            var at = random.Next(Text.Length);
            var flawed = random.Next(3) switch
            {
                0 => Text.Remove(at, random.Next(Text.Length - at)),
                1 => Text.Insert(at, Fragments[random.Next(Fragments.Length)]),
                _ => Text[at..] + Text[..at],
            };
            AssertReadsOrRefuses(flawed, seed);
        }
    }

    private static void AssertReadsOrRefuses(string text, int seed)
    {
        try
        {
            var config = ConfigurationFactory.ParseString(text);
            Assert.True(Same(config.Root, ConfigurationFactory.ParseString(config.ToString()).Root), $"seed {seed}: {text}");
        }
        catch (ConfigurationException e)
        {
            Assert.Matches(@"line \d+, column \d+", e.Message);
        }
    }

    private static bool Same(HoconValue left, HoconValue right) => left.Kind == right.Kind && left.Kind switch
    {
        HoconKind.Null => true,
        HoconKind.Text => left.GetString() == right.GetString(),
        HoconKind.Array => left.GetArray() is var l && right.GetArray() is var r
            && l.Count == r.Count && l.Zip(r, Same).All(same => same),
        _ => left.GetObject().Items is var l && right.GetObject().Items is var r && l.Count == r.Count
            && l.All(item => r.TryGetValue(item.Key, out var other) && Same(item.Value, other)),
    };

    private static Gen<HoconValue> Values(int depth)
    {
        var text = Texts().Select(t => HoconValue.OfText(t, default));
        var nothing = Gen.Constant(HoconValue.OfUnquoted("null", default));
        return depth == 0 ? Gen.OneOf(text, nothing) : Gen.OneOf(text, nothing, Objects(depth - 1),
            Gen.ListOf(Values(depth - 1)).Resize(4).Select(e => new HoconValue([.. e], default)));
    }

    private static Gen<HoconValue> Objects(int depth) =>
        Gen.ListOf(Gen.Zip(Texts(), Values(depth))).Resize(5).Select(items =>
        {
            var fields = new HoconObject();
            foreach (var (key, value) in items) fields.Items[key] = value;
            return new HoconValue(fields, default);
        });

    private static Gen<string> Texts() => Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""),
        Gen.Elements(Fragments));
}
