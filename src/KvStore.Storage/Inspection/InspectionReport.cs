using KvStore.Storage.Format;

namespace KvStore.Storage.Inspection;

/// <summary>
/// Runs one inspection, turns what it throws into a line for the operator, and says how it ended. Inspections read and change
/// nothing.
/// </summary>
internal sealed class InspectionReport(TextWriter output)
{
    /// <summary>Everything that was read is as it was written.</summary>
    public const int Sound = 0;

    /// <summary>Something is damaged, foreign or missing; the lines say what and where.</summary>
    public const int Damaged = 1;

    private int _findings;

    public int ExitCode => _findings == 0 ? Sound : Damaged;

    public void Line(string text) => output.WriteLine(text);

    /// <summary>Does one part of an inspection; what is wrong with it is told and does not stop the others.</summary>
    /// <returns>Whether the part was sound.</returns>
    public bool Try(Action part)
    {
        try
        {
            part();
            return true;
        }
        catch (StorageException refused)
        {
            Finding(refused.Message);
            return false;
        }
    }

    public void Finding(string message)
    {
        _findings++;
        Line($"DAMAGED: {message}");
    }

    /// <summary>A user key or value as text: printable ASCII as it is, other bytes as \xHH; cut off after so many
    /// bytes.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes, int most = 64)
    {
        var text = new System.Text.StringBuilder();
        foreach (byte b in bytes[..Math.Min(bytes.Length, most)])
        {
            if (b is >= 0x20 and < 0x7F and not (byte)'\\')
                text.Append((char)b);
            else
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{b:X2}");
        }
        return bytes.Length > most ? $"{text}... ({bytes.Length} bytes)" : text.ToString();
    }

    /// <summary>An internal key as text: user key, sequence number, kind.</summary>
    public static string Key(ReadOnlySpan<byte> internalKey) =>
        $"{Printable(InternalKey.UserKey(internalKey))} #{InternalKey.Sequence(internalKey)} "
        + KindName(InternalKey.Kind(internalKey));

    public static string KindName(ValueKind kind) => kind switch
    {
        ValueKind.Put => "put",
        ValueKind.Delete => "delete",
        ValueKind.RangeDelete => "range-delete",
        _ => $"kind {(byte)kind}",
    };

    /// <summary>The number in a file's name; a name without one is refused.</summary>
    public static FileNumber NumberOf(string path, StoreFileKind expected)
    {
        if (FileNames.TryParse(Path.GetFileName(path), out StoreFileKind kind, out FileNumber number) && kind == expected)
            return number;
        throw new UnsupportedFormatException(
            path, $"its name is not that of a {expected} file, and the name's number is a part of every checksum");
    }
}
