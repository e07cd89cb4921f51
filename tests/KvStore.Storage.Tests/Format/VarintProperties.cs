using FsCheck;
using FsCheck.Fluent;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tests.Format;

public sealed class VarintProperties
{
    [Fact]
    public void A_number_comes_back_from_as_many_bytes_as_were_said() =>
        Prop.ForAll<ulong, int>((number, shift) =>
        {
            number >>= shift & 63;
            Span<byte> bytes = stackalloc byte[Varint.MaxSize];
            int size = Varint.Write(bytes, number);
            Assert.Equal(Varint.Size(number), size);
            Assert.Equal(size, Varint.Read(bytes, out ulong read));
            Assert.Equal(number, read);
            for (int cut = 0; cut < size; cut++)
                Assert.Equal(0, Varint.Read(bytes[..cut], out ulong _));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ulong.MaxValue, 10)]
    [InlineData(0UL, 1)]
    [InlineData(127UL, 1)]
    [InlineData(128UL, 2)]
    public void The_edges_take_the_fewest_bytes(ulong number, int size) => Assert.Equal(size, Varint.Size(number));

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        byte[] tooLong = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        byte[] over64Bits = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02];
        byte[] over31Bits = [0xFF, 0xFF, 0xFF, 0xFF, 0x08];
        Assert.Equal(0, Varint.Read(tooLong, out ulong _));
        Assert.Equal(0, Varint.Read(over64Bits, out ulong _));
        Assert.Equal(0, Varint.Read(over31Bits, out int _));
        Assert.Equal(5, Varint.Read(over31Bits, out ulong _));
    }
}
