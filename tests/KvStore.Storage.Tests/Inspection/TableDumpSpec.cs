using KvStore.Storage.Format;
using KvStore.Storage.Inspection;
using KvStore.Storage.Tests.Tables;

namespace KvStore.Storage.Tests.Inspection;

public sealed class TableDumpSpec : IDisposable
{
    private readonly TableFiles _files = new();
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void A_sound_table_is_told_with_its_entries()
    {
        _files.Write(
            5,
            [Entry.Put("a\n", 7, "one"), Entry.Delete("b", 8)],
            rangeTombstones: [new RangeTombstone([1], [2], new SequenceNumber(3))]);

        int exit = TableDump.Run(TableFiles.PathOf(5), _output, blocks: true, entries: true, _files);

        Assert.Equal(0, exit);
        Assert.Equal(
            """
            table 000005, SIZE bytes
              data-blocks          1
              data-size            51
              entries              2
              tombstones           1
              range-tombstones     1
              raw-key-bytes        19
              raw-value-bytes      3
              smallest-sequence    3
              largest-sequence     8
              filter-bits-per-key  10
              smallest             \x01 #3 range-delete
              largest              b #8 delete
            range-delete [\x01, \x02) #3
            block at 0, 46 bytes, up to b #8 delete
            a\x0A #7 put = one
            b #8 delete = 
            sound: every checksum, the order of keys, the index, the filter and the properties

            """,
            _output.ToString().Replace(
                $"{_files[TableFiles.PathOf(5)].Length} bytes\n", "SIZE bytes\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Damage_is_told_with_file_and_offset()
    {
        _files.Write(5, [Entry.Put("a", 7, "one")]);
        _files[TableFiles.PathOf(5)][4] ^= 1;

        int exit = TableDump.Run(TableFiles.PathOf(5), _output, fileSystem: _files);

        Assert.Equal(1, exit);
        Assert.Contains("DAMAGED: db/000005.sst is damaged at offset 0", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db/000009.sst", "failed: no such file")]
    [InlineData("db/notes.txt", "name is not that of a Table file")]
    public void What_is_no_table_is_refused(string path, string reason)
    {
        Assert.Equal(1, TableDump.Run(path, _output, fileSystem: _files));
        Assert.Contains(reason, _output.ToString(), StringComparison.Ordinal);
    }
}
