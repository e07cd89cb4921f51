using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace KvStore.Node.Settings;

/// <summary>
/// The configuration of a node: its own file over hocon/reference.conf (embedded here) over the actor runtime's own defaults. A file
/// may <c>include</c> others, named relative to itself.
/// </summary>
public static class ConfigurationFiles
{
    public static Config Reference { get; } = ConfigurationFactory.FromResource("reference.conf", typeof(ConfigurationFiles).Assembly);

    /// <exception cref="SettingsException">The file is not there, or is no HOCON; the message says where.</exception>
    public static Config Load(string file) => Own(file).WithFallback(Reference).WithFallback(ConfigurationFactory.Default());

    /// <summary>What the file says, without any default.</summary>
    /// <exception cref="SettingsException">As of <see cref="Load"/>.</exception>
    internal static Config Own(string file)
    {
        try
        {
            return new Config(Parse(Path.GetFullPath(file)));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException or ConfigurationException)
        {
            throw new SettingsException([$"{file}: {problem.Message}"]);
        }
    }

    private static HoconRoot Parse(string file) =>
        Parser.Parse(File.ReadAllText(file), included => Parse(Path.Combine(Path.GetDirectoryName(file)!, included)));
}
