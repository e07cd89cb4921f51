namespace KvStore.Storage.Format;

/// <summary>
/// Names one file of a store for ever: numbers rise and are never given twice in one directory. A table's block checksums
/// are bound to its number, so that a file copied over another is noticed.
/// </summary>
public readonly record struct FileNumber(ulong Value)
{
    public override string ToString() => Value.ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
}
