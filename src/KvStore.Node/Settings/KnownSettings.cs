using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace KvStore.Node.Settings;

/// <summary>
/// Which settings there are: those of hocon/reference.conf. A key under <c>kv-store</c> that is none of them is a mistake: more likely a slip
/// of the pen than something that may be passed over.
/// </summary>
public static class KnownSettings
{
    /// <summary>The section that is this program's.</summary>
    public const string Section = "kv-store";

    /// <summary>What stands here is the actor runtime's to read.</summary>
    private static readonly string[] OfTheRuntime = [StorageSettings.WriterDispatcher, StorageSettings.ReaderDispatcher];

    /// <summary>Every setting of the section, with its whole path.</summary>
    public static IReadOnlyList<string> All { get; } = [.. PathsOf(ConfigurationFiles.Reference).Where(path => !IsOfTheRuntime(path))];

    /// <summary>Adds a mistake for each key of the section that is no setting.</summary>
    /// <param name="own">What a node was given, without defaults.</param>
    /// <param name="reader">Takes the mistakes.</param>
    public static void RefuseOthers(Config own, SettingsReader reader)
    {
        foreach (var name in own.Root.GetObject().Items.Keys.Where(IsSlip))
            reader.Mistake(name, $"is no section; {Section} is");
        foreach (var path in PathsOf(own).Where(path => !All.Contains(path) && !IsOfTheRuntime(path)))
            reader.Mistake(path, All.Any(known => known.StartsWith(path + ".", StringComparison.Ordinal))
                ? "is a section of settings, and not a value"
                : $"is no setting{Meant(path)}");
    }

    /// <summary>The paths of all values under the section.</summary>
    internal static IEnumerable<string> PathsOf(Config config) =>
        config.HasPath(Section) && config.GetValue(Section) is { } section && section.IsObject() ? PathsOf(section.GetObject(), Section) : [];

    private static IEnumerable<string> PathsOf(HoconObject section, string path) => section.Items.SelectMany(item =>
        item.Value.IsObject() ? PathsOf(item.Value.GetObject(), $"{path}.{item.Key}") : [$"{path}.{item.Key}"]);

    private static bool IsOfTheRuntime(string path) =>
        OfTheRuntime.Any(free => path == free || path.StartsWith(free + ".", StringComparison.Ordinal));

    private static bool IsSlip(string name) => name != Section && Distance(name, Section) <= 2;

    /// <summary>The setting that was probably meant, if one is near.</summary>
    private static string Meant(string path)
    {
        const int farthest = 4;
        var nearest = All.MinBy(known => Distance(known, path))!;
        if (Distance(nearest, path) <= farthest) return $"; {nearest} is";
        var last = path[path.LastIndexOf('.')..];
        return All.FirstOrDefault(known => known.EndsWith(last, StringComparison.Ordinal)) is { } elsewhere
            ? $"; {elsewhere} is"
            : "; hocon/reference.conf has them all";
    }

    /// <summary>How many letters have to be put in, taken out or changed to make one of the other (Levenshtein, 1965).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
