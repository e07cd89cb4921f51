using Akka.Configuration;

namespace KvStore.Node.Settings;

/// <summary>
/// The configuration of a node's process and where each setting of it comes from. What stands first here wins: the command line
/// (<c>--set PATH=VALUE</c>), environment variables (<see cref="EnvironmentSettings"/>), the node's file with what it includes, hocon/reference.conf, the
/// actor runtime's own defaults.
/// </summary>
public sealed class NodeConfiguration
{
    private readonly List<Layer> _layers;

    private NodeConfiguration(List<Layer> layers, Config derived)
    {
        _layers = layers;
        var own = layers.Aggregate(Config.Empty, (above, layer) => above.WithFallback(layer.Config));
        Settings = own.WithFallback(derived).WithFallback(ConfigurationFiles.Reference).WithFallback(ConfigurationFactory.Default());
    }

    /// <summary>Everything, for the actor system.</summary>
    public Config Settings { get; }

    /// <summary>Where settings came from, for the start-up banner: "n1.conf, 2 environment variables".</summary>
    public string Sources => _layers.Count == 0 ? "defaults" : string.Join(", ", _layers.Select(layer => layer.Name));

    /// <param name="file">The node's file; null for none.</param>
    /// <param name="environment">The process's variables.</param>
    /// <param name="given">PATH=VALUE, each, of the command line; the last of a path wins.</param>
    /// <exception cref="SettingsException">Something is not there or cannot be read as HOCON; the message says what and where.</exception>
    public static NodeConfiguration Load(string? file, IEnumerable<KeyValuePair<string, string>> environment, IReadOnlyList<string> given)
    {
        var (layers, mistakes) = (new List<Layer>(), new List<string>());
        Add(layers, Given(given, mistakes), "of the command line", mistakes);
        Add(layers, EnvironmentSettings.Of(environment), "environment variables", mistakes);
        if (file is not null)
        {
            try
            {
                layers.Add(new Layer(ConfigurationFiles.Own(file), Path.GetFileName(file), LinesOf(file)));
            }
            catch (SettingsException problem)
            {
                mistakes.AddRange(problem.Mistakes);
            }
        }
        return mistakes.Count == 0 ? new NodeConfiguration(layers, Config.Empty) : throw new SettingsException(mistakes);
    }

    /// <summary>The same, with what follows from it for the actor runtime; anything that somebody has set goes before.</summary>
    public NodeConfiguration With(Config derived) => new(_layers, derived);

    /// <summary>Reads settings, and knows where each was set; begins with a mistake for each that is none.</summary>
    public SettingsReader NewReader()
    {
        var reader = new SettingsReader(Settings, Where);
        foreach (var layer in _layers) KnownSettings.RefuseOthers(layer.Config, reader);
        return reader;
    }

    /// <summary>Where a path was set; null for a default, or where that is not known.</summary>
    public string? Where(string path) =>
        _layers.FirstOrDefault(layer => layer.Config.HasPath(path))?.Places.LastOrDefault(place => place.Path == path).Place;

    private static List<GivenSetting> Given(IReadOnlyList<string> given, List<string> mistakes)
    {
        var settings = new List<GivenSetting>();
        foreach (var text in given)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) mistakes.Add($"--set {text}: is not of the form PATH=VALUE");
            else settings.Add(new GivenSetting(text[..equals].Trim(), text[(equals + 1)..], $"--set {text[..equals]}"));
        }
        return settings;
    }

    private static void Add(List<Layer> layers, IReadOnlyList<GivenSetting> settings, string name, List<string> mistakes)
    {
        var lines = settings.Where(setting => IsReadable(setting, mistakes)).Select(setting => $"{setting.Path} = {setting.Hocon}").ToList();
        if (lines.Count == 0) return;
        var config = ConfigurationFactory.ParseString(string.Join('\n', lines));
        layers.Add(new Layer(config, $"{settings.Count} {name}", [.. settings.Select(setting => (setting.Path, setting.Origin))]));
    }

    private static bool IsReadable(GivenSetting setting, List<string> mistakes)
    {
        try
        {
            ConfigurationFactory.ParseString($"{setting.Path} = {setting.Hocon}");
            return true;
        }
        catch (Exception problem) when (problem is FormatException or ConfigurationException)
        {
            mistakes.Add($"{setting.Origin}: {setting.Path}: cannot be read ({problem.Message})");
            return false;
        }
    }

    private static IReadOnlyList<(string Path, string Place)> LinesOf(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return [.. HoconLines.Of(Path.GetFullPath(file)).Select(line => (line.Path, $"{Path.GetRelativePath(folder, line.File)}:{line.Line}"))];
    }

    /// <summary>Settings of one origin.</summary>
    private sealed record Layer(Config Config, string Name, IReadOnlyList<(string Path, string Place)> Places);
}
