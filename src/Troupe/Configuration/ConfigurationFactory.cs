using System.Reflection;
using System.Text.Json;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Makes configurations from HOCON text, embedded resources, objects and the application's own settings file.</summary>
public class ConfigurationFactory
{
    private static readonly Lazy<Config> Reference = new(LoadReference);

    public static Config Empty => Config.Empty;

    /// <summary>Reads HOCON. Include statements name resources or files; those that are absent count as empty.</summary>
    /// <exception cref="ConfigurationException">The text is not HOCON; the message gives line and column.</exception>
    public static Config ParseString(string hocon)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        return Parse(hocon, null, new HoconIncludes());
    }

    /// <summary>Reads HOCON whose include statements <paramref name="includeCallback"/> answers.</summary>
    /// <exception cref="ConfigurationException">The text is not HOCON; the message gives line and column.</exception>
    public static Config ParseString(string hocon, Func<string, HoconRoot>? includeCallback)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        return Parse(hocon, null, new HoconIncludes(includeCallback));
    }

    /// <summary>The application's section <c>akka/hocon</c> in its .NET settings file (app.config); empty without one.</summary>
    public static Config Load() => AppConfigFile.Load();

    /// <summary>Reads the HOCON resource of that full name in the assembly of <typeparamref name="TAssembly"/>.</summary>
    public static Config FromResource<TAssembly>(string resourceName) =>
        FromResource(resourceName, typeof(TAssembly).Assembly);

    /// <summary>Reads the HOCON resource of that full name in the assembly of that object's type.</summary>
    public static Config FromResource(string resourceName, object instanceInAssembly)
    {
        ArgumentNullException.ThrowIfNull(instanceInAssembly);
        return instanceInAssembly switch
        {
            Type type => FromResource(resourceName, type.Assembly),
            Assembly assembly => FromResource(resourceName, assembly),
            _ => FromResource(resourceName, instanceInAssembly.GetType().Assembly),
        };
    }

    /// <summary>Reads the HOCON resource of that full name in <paramref name="assembly"/>.</summary>
    /// <exception cref="ConfigurationException">There is no such resource, or it is not HOCON.</exception>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        using var stream = assembly.GetManifestResourceStream(resourceName) ?? throw new ConfigurationException(
            $"The assembly {assembly.GetName().Name} has no resource '{resourceName}'. "
            + $"It has: {string.Join(", ", assembly.GetManifestResourceNames())}.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), resourceName, new HoconIncludes(callback: null, assembly));
    }

    /// <summary>The public properties of <paramref name="source"/> as settings, nested objects as sections.</summary>
    public static Config FromObject(object source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ParseString(JsonSerializer.Serialize(source));
    }

    /// <summary>The reference configuration: every setting that the runtime reads, with its default.</summary>
    public static Config Default() => Reference.Value;

    private static Config LoadReference()
    {
        var assembly = typeof(ConfigurationFactory).Assembly;
        var stack = Empty;
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (name.EndsWith(".conf", StringComparison.Ordinal)) stack = stack.WithFallback(FromResource(name, assembly));
        }
        return stack;
    }

    private static Config Parse(string hocon, string? source, HoconIncludes includes) =>
        new(new HoconRoot(HoconReader.Read(hocon, source, includes)));
}
