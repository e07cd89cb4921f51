namespace Akka.Configuration.Hocon;

/// <summary>Reads HOCON text; <see cref="ConfigurationFactory"/> is what applications use.</summary>
public class Parser
{
    /// <summary>Reads <paramref name="text"/>; <paramref name="includeCallback"/> answers its include statements.</summary>
    /// <exception cref="ConfigurationException">The text is not HOCON; the message gives line and column.</exception>
    public static HoconRoot Parse(string text, Func<string, HoconRoot> includeCallback)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new HoconRoot(HoconReader.Read(text, source: null, new HoconIncludes(includeCallback)));
    }
}
