namespace KvStore.Node.Settings;

/// <summary>Every mistake in a configuration. Nothing was started.</summary>
public sealed class SettingsException(IReadOnlyList<string> mistakes)
    : Exception($"the configuration has {mistakes.Count} mistake(s); nothing was started:\n  {string.Join("\n  ", mistakes)}")
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
