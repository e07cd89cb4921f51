using System.Globalization;

namespace KvStore.Storage.Format;

/// <summary>What a file in a store's directory is.</summary>
public enum StoreFileKind
{
    /// <summary>A segment of the commit log.</summary>
    CommitLog,
    Table,
    Manifest,

    /// <summary>Names the manifest in force.</summary>
    Current,
    Lock,

    /// <summary>Half-made; a new start deletes it.</summary>
    Temporary,
}

/// <summary>The names of a store's files, and what a name means.</summary>
public static class FileNames
{
    public const string Current = "CURRENT";
    public const string Lock = "LOCK";

    /// <summary>Kept back for the day the disk is full; its contents mean nothing.</summary>
    public const string Reserve = "RESERVE";

    /// <summary>There while a sync has failed and the log has not been read and written anew since; its contents mean nothing.</summary>
    public const string Unsynced = "UNSYNCED";
    private const string ManifestPrefix = "MANIFEST-";

    public static string CommitLog(FileNumber number) => $"{number}.log";

    public static string Table(FileNumber number) => $"{number}.sst";

    public static string Manifest(FileNumber number) => $"{ManifestPrefix}{number}";

    public static string Temporary(FileNumber number) => $"{number}.tmp";

    /// <summary>Reads a name; false when it is none of ours.</summary>
    public static bool TryParse(string name, out StoreFileKind kind, out FileNumber number)
    {
        number = default;
        kind = name switch
        {
            Current => StoreFileKind.Current,
            Lock => StoreFileKind.Lock,
            _ when name.StartsWith(ManifestPrefix, StringComparison.Ordinal) => StoreFileKind.Manifest,
            _ when name.EndsWith(".log", StringComparison.Ordinal) => StoreFileKind.CommitLog,
            _ when name.EndsWith(".sst", StringComparison.Ordinal) => StoreFileKind.Table,
            _ => StoreFileKind.Temporary,
        };
        string digits = kind switch
        {
            StoreFileKind.Current or StoreFileKind.Lock => "",
            StoreFileKind.Manifest => name[ManifestPrefix.Length..],
            _ when name.Length > 4 => name[..^4],
            _ => "",
        };
        if (kind is StoreFileKind.Current or StoreFileKind.Lock)
            return true;
        if (kind == StoreFileKind.Temporary && !name.EndsWith(".tmp", StringComparison.Ordinal))
            return false;
        if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
            return false;
        number = new FileNumber(value);
        return true;
    }
}
