using System.Buffers;
using KvStore.Storage.Format;

namespace KvStore.Storage.Manifests;

/// <summary>
/// One change of the set of tables, all of it or nothing. The first edit of a manifest is the whole set. Tags are written to
/// disk: never change or reuse one.
/// </summary>
internal sealed class ManifestEdit
{
    private enum Tag
    {
        NextFile = 1,
        LastSequence = 2,
        FirstLog = 3,
        Add = 4,
        Remove = 5,
    }

    /// <summary>The lowest file number not given away yet.</summary>
    internal FileNumber? NextFile { get; set; }

    /// <summary>No entry in a table is newer.</summary>
    internal SequenceNumber? LastSequence { get; set; }

    /// <summary>Commit log segments below this number are in tables.</summary>
    internal FileNumber? FirstLog { get; set; }

    internal List<(int Level, TableInfo Table)> Added { get; } = [];

    internal List<(int Level, FileNumber Number)> Removed { get; } = [];

    internal byte[] Encode()
    {
        var to = new ArrayBufferWriter<byte>();
        if (NextFile is { } next)
            Write(to, Tag.NextFile, next.Value);
        if (LastSequence is { } last)
            Write(to, Tag.LastSequence, last.Value);
        if (FirstLog is { } log)
            Write(to, Tag.FirstLog, log.Value);
        foreach ((int level, FileNumber number) in Removed)
            Write(to, Tag.Remove, (ulong)level, number.Value);
        foreach ((int level, TableInfo table) in Added)
        {
            Write(to, Tag.Add, (ulong)level, table.Number.Value, (ulong)table.FileSize, table.SmallestSequence.Value,
                table.LargestSequence.Value,
                (ulong)table.Entries, (ulong)table.Tombstones, (ulong)table.RangeTombstones, (ulong)table.RawBytes);
            Write(to, table.Smallest);
            Write(to, table.Largest);
        }

        return to.WrittenSpan.ToArray();
    }

    /// <summary>Reads an edit. False: the bytes are none, or of a kind that this release does not know.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> source, out ManifestEdit edit)
    {
        edit = new ManifestEdit();
        while (!source.IsEmpty)
        {
            if (!TryRead(ref source, out ulong tag) || !edit.TryDecodeField((Tag)tag, ref source))
                return false;
        }

        return true;
    }

    private bool TryDecodeField(Tag tag, ref ReadOnlySpan<byte> source)
    {
        if (!TryRead(ref source, out ulong first))
            return false;
        switch (tag)
        {
            case Tag.NextFile:
                NextFile = new FileNumber(first);
                return true;
            case Tag.LastSequence:
                LastSequence = new SequenceNumber(first);
                return first <= SequenceNumber.Max.Value;
            case Tag.FirstLog:
                FirstLog = new FileNumber(first);
                return true;
            case Tag.Remove:
                bool whole = TryRead(ref source, out ulong number) && first < TableSet.LevelCount;
                Removed.Add(((int)first, new FileNumber(number)));
                return whole;
            case Tag.Add:
                return first < TableSet.LevelCount && TryDecodeTable((int)first, ref source);
            default:
                return false;
        }
    }

    private bool TryDecodeTable(int level, ref ReadOnlySpan<byte> source)
    {
        Span<ulong> numbers = stackalloc ulong[8];
        foreach (ref ulong number in numbers)
        {
            if (!TryRead(ref source, out number))
                return false;
        }

        if (!TryReadKey(ref source, out byte[] smallest) || !TryReadKey(ref source, out byte[] largest))
            return false;
        Added.Add((level, new TableInfo
        {
            Number = new FileNumber(numbers[0]),
            FileSize = (long)numbers[1],
            SmallestSequence = new SequenceNumber(numbers[2]),
            LargestSequence = new SequenceNumber(numbers[3]),
            Entries = (long)numbers[4],
            Tombstones = (long)numbers[5],
            RangeTombstones = (long)numbers[6],
            RawBytes = (long)numbers[7],
            Smallest = smallest,
            Largest = largest,
        }));
        return InternalKey.Compare(smallest, largest) <= 0;
    }

    private static void Write(ArrayBufferWriter<byte> to, Tag tag, params ReadOnlySpan<ulong> numbers)
    {
        to.Advance(Varint.Write(to.GetSpan(Varint.MaxSize), (ulong)tag));
        foreach (ulong number in numbers)
            to.Advance(Varint.Write(to.GetSpan(Varint.MaxSize), number));
    }

    private static void Write(ArrayBufferWriter<byte> to, byte[] key)
    {
        to.Advance(Varint.Write(to.GetSpan(Varint.MaxSize), (ulong)key.Length));
        to.Write(key);
    }

    private static bool TryRead(ref ReadOnlySpan<byte> source, out ulong value)
    {
        int size = Varint.Read(source, out value);
        source = source[size..];
        return size > 0;
    }

    private static bool TryReadKey(ref ReadOnlySpan<byte> source, out byte[] key)
    {
        key = [];
        if (!TryRead(ref source, out ulong length) || length < InternalKey.TrailerSize || length > (ulong)source.Length)
            return false;
        key = source[..(int)length].ToArray();
        source = source[(int)length..];
        return true;
    }
}
