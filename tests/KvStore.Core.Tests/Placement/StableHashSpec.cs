using System.Text;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Placement;

public sealed class StableHashSpec
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void It_gives_the_published_values_of_XXH64(string text, ulong expected) =>
        Assert.Equal(expected, StableHash.Of(Encoding.ASCII.GetBytes(text)));

    /// <summary>The sanity bytes of the reference implementation: every tail length around the stripe, with both of its seeds.</summary>
    [Theory]
    [InlineData(0, 0, 0xEF46DB3751D8E999)]
    [InlineData(1, 0, 0xE934A84ADB052768)]
    [InlineData(4, 0, 0x9136A0DCA57457EE)]
    [InlineData(14, 0, 0x8282DCC4994E35C8)]
    [InlineData(222, 0, 0xB641AE8CB691C174)]
    [InlineData(0, 0x9E3779B1, 0xAC75FDA2929B17EF)]
    [InlineData(1, 0x9E3779B1, 0x5014607643A9B4C3)]
    [InlineData(4, 0x9E3779B1, 0xCAAB286BD8E9FDB5)]
    [InlineData(14, 0x9E3779B1, 0xC3BD6BF63DEB6DF0)]
    [InlineData(222, 0x9E3779B1, 0x20CB8AB7AE10C14A)]
    public void It_gives_the_values_of_the_reference_test(int length, ulong seed, ulong expected) =>
        Assert.Equal(expected, StableHash.Of(SanityBytes(length), seed));

    private static byte[] SanityBytes(int length)
    {
        var bytes = new byte[length];
        var generator = 2654435761UL;
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)(generator >> 56);
            generator *= 11400714785074694797UL;
        }

        return bytes;
    }
}
