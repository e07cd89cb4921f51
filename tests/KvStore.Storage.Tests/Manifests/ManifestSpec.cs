using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Manifests;

public class ManifestSpec
{
    private const string Home = "/store";
    private static readonly FileNumber Number = new(5);

    [Fact]
    public void Edits_come_back_as_the_set_they_led_to()
    {
        ManifestState state = ManifestReader.Read(TwoEdits(out _), Home, Number);
        Assert.Equal([new FileNumber(11), new FileNumber(10)], state.Tables.Levels[0].Select(table => table.Number));
        Assert.Equal(new SequenceNumber(9), state.LastSequence);
        Assert.Equal(new FileNumber(4), state.FirstLog);
    }

    [Fact]
    public void An_edit_cut_at_any_byte_was_never_in_force()
    {
        byte[] whole = Bytes(TwoEdits(out int second));
        for (int cut = second; cut < whole.Length; cut++)
        {
            ManifestState state = ManifestReader.Read(Holding(whole[..cut]), Home, Number);
            Assert.Equal([new FileNumber(10)], state.Tables.All.Select(table => table.Number));
        }
    }

    [Fact]
    public void Any_single_flipped_bit_is_noticed()
    {
        byte[] whole = Bytes(TwoEdits(out _));
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.ThrowsAny<StorageException>(() => ManifestReader.Read(Holding(whole), Home, Number));
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void CURRENT_with_any_flipped_bit_is_refused()
    {
        byte[] text = System.Text.Encoding.ASCII.GetBytes(ManifestReader.CurrentText(Number));
        for (int bit = 0; bit < text.Length * 8; bit++)
        {
            text[bit / 8] ^= (byte)(1 << (bit % 8));
            var files = new MemoryFileSystem();
            files.CreateDirectory(Home);
            files.Put($"{Home}/CURRENT", text);
            Assert.Throws<CorruptionException>(() => ManifestReader.ReadCurrent(files, Home));
            text[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_manifest_for_which_there_is_no_space_leaves_the_former_one_in_force_and_nothing_behind()
    {
        for (int call = 1; FailCall(call, out MemoryFileSystem files, out StorageIOException? failure); call++)
        {
            bool isNamed = ManifestReader.ReadCurrent(files, Home) == Number;
            Assert.Equal(isNamed, failure is not DiskFullException);
            Assert.Equal(isNamed, files.Exists($"{Home}/{FileNames.Manifest(Number)}"));
        }
    }

    [Fact]
    public void A_foreign_file_is_refused_by_name() =>
        Assert.Throws<UnsupportedFormatException>(() => ManifestReader.Read(Holding(new byte[100]), Home, Number));

    [Fact]
    public void The_format_on_disk_does_not_change() => GoldenFiles.AreAsWritten("manifest-v1", Bytes(TwoEdits(out _)));

    private static MemoryFileSystem TwoEdits(out int second)
    {
        var files = new MemoryFileSystem();
        files.CreateDirectory(Home);
        var first = new ManifestEdit { NextFile = new FileNumber(11), LastSequence = new SequenceNumber(5),
            FirstLog = new FileNumber(3) };
        first.Added.Add((0, Table(10, 1, 5)));
        using ManifestWriter writer = ManifestWriter.Begin(files, Home, Number, first);
        second = (int)writer.Bytes;
        var next = new ManifestEdit { NextFile = new FileNumber(12), LastSequence = new SequenceNumber(9),
            FirstLog = new FileNumber(4) };
        next.Added.Add((0, Table(11, 6, 9)));
        writer.Append(next);
        return files;
    }

    private static bool FailCall(int which, out MemoryFileSystem files, out StorageIOException? failure)
    {
        files = new MemoryFileSystem();
        files.CreateDirectory(Home);
        int changes = 0;
        var faulty = new FaultyFileSystem(files)
        {
            Plan = call => call.Changes && call.Operation is not (FileOperation.SetLength or FileOperation.Delete) && ++changes == which
                ? Fault.NoSpace : Fault.None,
        };
        failure = null;
        try
        {
            ManifestWriter.Begin(faulty, Home, Number, new ManifestEdit { NextFile = new FileNumber(11) }).Dispose();
        }
        catch (StorageIOException e)
        {
            failure = e;
        }

        return failure is not null;
    }

    private static TableInfo Table(ulong number, ulong first, ulong last) => new()
    {
        Number = new FileNumber(number),
        FileSize = 1000,
        Smallest = InternalKey.ToArray("a"u8, new SequenceNumber(last), ValueKind.Put),
        Largest = InternalKey.ToArray("m"u8, new SequenceNumber(first), ValueKind.Put),
        SmallestSequence = new SequenceNumber(first),
        LargestSequence = new SequenceNumber(last),
        Entries = 300,
        Tombstones = 2,
        RangeTombstones = 1,
        RawBytes = 5000,
    };

    private static byte[] Bytes(MemoryFileSystem files) => ManifestReader.ReadAll(files, $"{Home}/{FileNames.Manifest(Number)}");

    private static MemoryFileSystem Holding(byte[] manifest)
    {
        var files = new MemoryFileSystem();
        files.CreateDirectory(Home);
        files.Put($"{Home}/{FileNames.Manifest(Number)}", manifest);
        return files;
    }
}
