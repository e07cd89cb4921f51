using Akka.Configuration;

namespace KvStore.Node.Settings;

/// <summary>
/// Reads settings out of HOCON and gathers every mistake, so that one start shows all there is to mend.
/// <para>Owner: whoever starts a node; used once. Holds no defaults: those are in hocon/reference.conf alone.</para>
/// </summary>
public sealed class SettingsReader(Config config)
{
    private readonly List<string> _mistakes = [];

    /// <exception cref="SettingsException">Any setting read so far was missing, unreadable or out of range.</exception>
    public void ThrowIfAny()
    {
        if (_mistakes.Count > 0) throw new SettingsException(_mistakes);
    }

    public void Mistake(string path, string message) => _mistakes.Add($"{path}: {message}");

    public int Int(string path, int min, int max) => InRange(path, Read(path, p => config.GetInt(p)), min, max);

    public TimeSpan Duration(string path, TimeSpan min, TimeSpan max) =>
        InRange(path, Read(path, p => config.GetTimeSpan(p, allowInfinite: false)), min, max);

    public long Bytes(string path, long min, long max) =>
        InRange(path, Read(path, p => config.GetByteSize(p) ?? throw new FormatException("no size")), min, max);

    public bool Flag(string path) => Read(path, p => config.GetBoolean(p));

    public string Text(string path) => Read(path, p => config.GetString(p)) ?? "";

    public IReadOnlyList<string> Texts(string path) => Read(path, config.GetStringList)?.ToList() ?? [];

    private T InRange<T>(string path, T value, T min, T max) where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0) Mistake(path, $"{value} is out of range; from {min} to {max}");
        return value;
    }

    private T? Read<T>(string path, Func<string, T> read)
    {
        try
        {
            if (config.HasPath(path)) return read(path);
            Mistake(path, "is not set, and has no default");
        }
        catch (Exception problem) when (problem is FormatException or ConfigurationException or OverflowException)
        {
            Mistake(path, $"cannot be read ({problem.Message})");
        }
        return default;
    }
}
