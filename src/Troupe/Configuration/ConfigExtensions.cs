namespace Akka.Configuration;

public static class ConfigExtensions
{
    public static bool IsNullOrEmpty(this Config? config) => config is null || config.IsEmpty;

    /// <summary>As <see cref="Config.WithFallback"/>, where either side may be null or empty.</summary>
    public static Config? SafeWithFallback(this Config? config, Config? fallback)
    {
        if (config.IsNullOrEmpty()) return fallback;
        return fallback.IsNullOrEmpty() || ReferenceEquals(config, fallback) ? config : config!.WithFallback(fallback);
    }
}
