using System.Diagnostics.CodeAnalysis;
using Akka.Configuration;

namespace KvStore.Node.Settings;

/// <summary>
/// Reads settings out of HOCON and gathers every mistake, so that one start shows all there is to mend.
/// <para>Owner: whoever starts a node; used once. Holds no defaults: those are in hocon/reference.conf alone.</para>
/// </summary>
/// <param name="config">The settings.</param>
/// <param name="where">Where a path was set, for people; null for a default, or where nobody knows.</param>
public sealed class SettingsReader(Config config, Func<string, string?>? where = null)
{
    private readonly List<string> _mistakes = [];
    private readonly HashSet<string> _read = [];
    private readonly HashSet<string> _wrong = [];

    /// <summary>Every path that was asked for.</summary>
    public IReadOnlySet<string> PathsRead => _read;

    /// <exception cref="SettingsException">Any setting read so far was missing, unreadable or out of range.</exception>
    public void ThrowIfAny()
    {
        if (_mistakes.Count > 0) throw new SettingsException(_mistakes);
    }

    public void Mistake(string path, string message)
    {
        _wrong.Add(path);
        _mistakes.Add(where?.Invoke(path) is { } place ? $"{place}: {path}: {message}" : $"{path}: {message}");
    }

    /// <summary>Whether these can be compared with each other: where one is a mistake already, another is not to be found by it.</summary>
    public bool AreGood(params string[] paths) => !paths.Any(_wrong.Contains);

    public int Int(string path, int min, int max) => InRange(path, p => config.GetInt(p), min, max);

    public TimeSpan Duration(string path, TimeSpan min, TimeSpan max) => InRange(path, p => config.GetTimeSpan(p, allowInfinite: false), min, max);

    public long Bytes(string path, long min, long max) =>
        InRange(path, p => config.GetByteSize(p) ?? throw new FormatException("no size"), min, max);

    public bool Flag(string path) => TryRead(path, p => config.GetBoolean(p), out var flag) && flag;

    public string Text(string path) => TryRead(path, p => config.GetString(p), out var text) ? text ?? "" : "";

    public IReadOnlyList<string> Texts(string path) => TryRead(path, config.GetStringList, out var texts) ? [.. texts] : [];

    /// <summary>A setting of the actor runtime's, which checks it itself; null where there is none, or none that is a text.</summary>
    public string? OfTheRuntime(string path)
    {
        try
        {
            return config.HasPath(path) ? config.GetString(path) : null;
        }
        catch (Exception problem) when (problem is FormatException or ConfigurationException)
        {
            return null;
        }
    }

    /// <summary>The least value where there is none.</summary>
    private T InRange<T>(string path, Func<string, T> read, T min, T max) where T : IComparable<T>
    {
        if (!TryRead(path, read, out var value)) return min;
        if (value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0) return value;
        Mistake(path, $"{value} is out of range; from {min} to {max}");
        return value;
    }

    private bool TryRead<T>(string path, Func<string, T> read, [MaybeNullWhen(false)] out T value)
    {
        _read.Add(path);
        value = default;
        try
        {
            if (config.HasPath(path))
            {
                value = read(path);
                return true;
            }
            Mistake(path, "is not set, and has no default");
        }
        catch (Exception problem) when (problem is FormatException or ConfigurationException or OverflowException)
        {
            Mistake(path, $"cannot be read ({problem.Message})");
        }
        return false;
    }
}
