using System.Buffers.Binary;
using KvStore.Storage.CommitLog;
using KvStore.Storage.Format;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Manifests;

/// <summary>What a manifest says.</summary>
internal sealed record ManifestState(TableSet Tables, FileNumber NextFile, SequenceNumber LastSequence, FileNumber FirstLog);

/// <summary>
/// Reads the manifest that CURRENT names. An unfinished last edit was never in force and is dropped; anything else that cannot
/// be read is <see cref="CorruptionException"/>: a table list with a hole would bring old values back.
/// </summary>
internal static class ManifestReader
{
    /// <summary>The number of the manifest in force; null: there is no store here yet.</summary>
    internal static FileNumber? ReadCurrent(IFileSystem files, string directory)
    {
        string path = $"{directory}/{FileNames.Current}";
        if (!files.Exists(path))
            return null;
        string text = System.Text.Encoding.ASCII.GetString(ReadAll(files, path));
        string[] parts = text.TrimEnd('\n').Split(' ');
        if (parts.Length == 2 && text.EndsWith('\n') && parts[1] == Checksum(parts[0])
            && FileNames.TryParse(parts[0], out StoreFileKind kind, out FileNumber number) && kind == StoreFileKind.Manifest)
        {
            return number;
        }

        throw new CorruptionException(path, 0, "it does not name a manifest with the right checksum");
    }

    internal static string CurrentText(FileNumber manifest)
    {
        string name = FileNames.Manifest(manifest);
        return $"{name} {Checksum(name)}\n";
    }

    internal static ManifestState Read(IFileSystem files, string directory, FileNumber number)
    {
        string path = $"{directory}/{FileNames.Manifest(number)}";
        if (!files.Exists(path))
            throw new CorruptionException(path, 0, "CURRENT names it, but it does not exist");
        var state = new ManifestState(TableSet.Empty, new FileNumber(1), SequenceNumber.Zero, new FileNumber(0));
        int edits = 0;
        foreach ((long offset, ManifestEdit edit) in Edits(ReadAll(files, path), number, path))
        {
            try
            {
                state = new ManifestState(
                    state.Tables.With(edit),
                    edit.NextFile ?? state.NextFile,
                    edit.LastSequence ?? state.LastSequence,
                    edit.FirstLog ?? state.FirstLog);
            }
            catch (InvalidDataException e)
            {
                throw new CorruptionException(path, offset, e.Message);
            }

            edits++;
        }

        return edits > 0 ? state : throw new CorruptionException(
            path, ManifestFormat.HeaderSize, "its first edit, the whole set, cannot be read");
    }

    /// <summary>The edits in order, each with its offset.</summary>
    internal static List<(long Offset, ManifestEdit Edit)> Edits(ReadOnlySpan<byte> bytes, FileNumber number, string path)
    {
        CheckHeader(bytes, number, path);
        var edits = new List<(long, ManifestEdit)>();
        int at = ManifestFormat.HeaderSize;
        while (IsRecord(bytes, at, number, out int length))
        {
            if (!ManifestEdit.TryDecode(bytes.Slice(at + ManifestFormat.RecordHeaderSize, length), out ManifestEdit edit))
                throw new UnsupportedFormatException(path, $"the edit at offset {at} has a part that this release does not know");
            edits.Add((at, edit));
            at += ManifestFormat.RecordHeaderSize + length;
        }

        CheckTail(bytes, at, number, path);
        return edits;
    }

    internal static byte[] ReadAll(IFileSystem files, string path)
    {
        using IRandomAccessFile file = files.OpenRead(path);
        var bytes = new byte[file.Length];
        int read = file.Read(0, bytes);
        return read == bytes.Length ? bytes : throw new CorruptionException(path, read, "the file is shorter than its length");
    }

    private static string Checksum(string name) =>
        Crc32C.Of(System.Text.Encoding.ASCII.GetBytes(name)).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);

    private static void CheckHeader(ReadOnlySpan<byte> bytes, FileNumber number, string path)
    {
        if (bytes.Length < ManifestFormat.HeaderSize)
            throw new CorruptionException(path, bytes.Length, "the file ends within its header");
        if (!bytes.StartsWith(ManifestFormat.Magic))
            throw new UnsupportedFormatException(path, "it is not a manifest of this engine");
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]);
        if (Crc32C.Mask(Crc32C.Of(bytes[..28])) != stored)
            throw new CorruptionException(path, 0, "the header fails its checksum");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != ManifestFormat.Version)
            throw new UnsupportedFormatException(
                path, $"its manifest format is {version}, and this release reads {ManifestFormat.Version}");
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]) != number.Value)
            throw new CorruptionException(path, 16, "the header names another manifest");
    }

    private static bool IsRecord(ReadOnlySpan<byte> bytes, int at, FileNumber number, out int length)
    {
        length = 0;
        if (at + ManifestFormat.RecordHeaderSize > bytes.Length)
            return false;
        length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 4)..]);
        if (length <= 0 || length > bytes.Length - at - ManifestFormat.RecordHeaderSize)
            return false;
        uint crc = Crc32C.Append(ManifestFormat.Seed(number, at), bytes.Slice(at + 4, 4 + length));
        return Crc32C.Mask(crc) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
    }

    /// <summary>An edit is synced before the next is written, so only the last may be unfinished: anything good after it, or one
    /// wrong bit in it, is damage.</summary>
    private static void CheckTail(ReadOnlySpan<byte> bytes, int at, FileNumber number, string path)
    {
        for (int later = at + 1; later < bytes.Length; later++)
        {
            if (IsRecord(bytes, later, number, out _))
                throw new CorruptionException(path, at, "an edit is unreadable, and a later one is good");
        }

        if (at + ManifestFormat.RecordHeaderSize >= bytes.Length)
            return;
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
        ReadOnlySpan<byte> rest = bytes[(at + 4)..];
        int whole = BinaryPrimitives.ReadInt32LittleEndian(rest);
        int plausible = whole > 0 && whole <= rest.Length - 4 ? whole : rest.Length - 4;
        if (SingleBitDamage.Explains(rest[..(4 + plausible)], ManifestFormat.Seed(number, at), stored)
            || SingleBitDamage.Explains(rest, ManifestFormat.Seed(number, at), stored))
        {
            throw new CorruptionException(path, at, "the last edit fails its checksum by one bit");
        }
    }
}
