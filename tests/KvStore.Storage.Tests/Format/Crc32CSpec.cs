using System.Text;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tests.Format;

public sealed class Crc32CSpec
{
    [Fact]
    public void The_published_vectors_hold()
    {
        Assert.Equal(0xE3069283, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AA, Crc32C.Of(new byte[32])); // RFC 3720, appendix B.4
        Assert.Equal(0x62A8AB43u, Crc32C.Of([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0u, Crc32C.Of([]));
    }

    [Fact]
    public void Every_length_gives_what_the_definition_gives()
    {
        var bytes = new byte[9000];
        new Random(1).NextBytes(bytes);
        for (int length = 0; length < bytes.Length; length += length < 900 ? 1 : 97)
            Assert.Equal(ByDefinition(bytes.AsSpan(0, length)), Crc32C.Of(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Pieces_give_what_the_whole_gives()
    {
        var bytes = new byte[5000];
        new Random(2).NextBytes(bytes);
        uint whole = Crc32C.Of(bytes);
        for (int cut = 0; cut <= bytes.Length; cut += 61)
            Assert.Equal(whole, Crc32C.Append(Crc32C.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
        Assert.Equal(Crc32C.Of(bytes.AsSpan(0, 8)), Crc32C.Append(0, BitConverter.ToUInt64(bytes)));
    }

    [Fact]
    public void A_masked_checksum_comes_back() =>
        Assert.All(new uint[] { 0, 1, 0x12345678, uint.MaxValue }, crc => Assert.Equal(crc, Crc32C.Unmask(Crc32C.Mask(crc))));

    private static uint ByDefinition(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
        }
        return ~crc;
    }
}
