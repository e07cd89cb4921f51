namespace KvStore.Node.Settings;

/// <summary>A setting that was given one by one, not in a file.</summary>
/// <param name="Path">Which.</param>
/// <param name="Hocon">Its value, as HOCON.</param>
/// <param name="Origin">Where it was given, for people.</param>
public sealed record GivenSetting(string Path, string Hocon, string Origin);
