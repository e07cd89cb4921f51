using Akka.Actor;

namespace Akka.Configuration;

/// <summary>
/// A configuration cannot be read, or a setting is not what it must be. The message says what is wrong, at which line and column,
/// and what would be right.
/// </summary>
public class ConfigurationException : AkkaException
{
    public ConfigurationException(string message)
        : base(message)
    {
    }

    public ConfigurationException(string message, Exception? exception)
        : base(message, exception)
    {
    }

    /// <summary>The error of a component <typeparamref name="T"/> whose section is missing or empty.</summary>
    public static ConfigurationException NullOrEmptyConfig<T>(string? path = null)
    {
        var where = string.IsNullOrWhiteSpace(path) ? "" : $" at '{path}'";
        return new ConfigurationException(
            $"{typeof(T).Name} cannot start: its configuration{where} is missing or empty. "
            + "Add the section, or load the reference configuration as a fallback.");
    }
}
