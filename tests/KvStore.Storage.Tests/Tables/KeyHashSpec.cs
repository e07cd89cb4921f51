using System.Numerics;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Tests.Tables;

public sealed class KeyHashSpec
{
    // Part of the SSTable format: a change here makes every filter on disk wrong.
    [Theory]
    [InlineData("", 0xE8B4128C4DBE39E5UL)]
    [InlineData("a", 0x93266C4D6B6FB840UL)]
    [InlineData("abc", 0x5F008CCAF5E2D345UL)]
    [InlineData("abcd", 0x7F78AE8EB85B7AEBUL)]
    [InlineData("user:12345", 0x494E7C0E6215E5ADUL)]
    [InlineData("sixteen bytes ok", 0xCE2043C55DF3837EUL)]
    [InlineData("a key of more than sixteen bytes", 0x87FD9878D5FEE28BUL)]
    [InlineData("a key of more than thirty-two bytes, by some", 0x872920F3575C79B4UL)]
    public void A_key_has_the_same_hash_for_ever(string key, ulong hash) => Assert.Equal(hash, KeyHash.Of(Entry.Bytes(key)));

    [Fact]
    public void Each_bit_of_a_key_changes_about_half_of_the_hash()
    {
        var random = new Random(3);
        for (int length = 1; length < 70; length++)
        {
            var key = new byte[length];
            random.NextBytes(key);
            ulong hash = KeyHash.Of(key);
            int changed = 0;
            for (int bit = 0; bit < length * 8; bit++)
            {
                key[bit / 8] ^= (byte)(1 << (bit % 8));
                int flipped = BitOperations.PopCount(hash ^ KeyHash.Of(key));
                Assert.InRange(flipped, 8, 56);
                changed += flipped;
                key[bit / 8] ^= (byte)(1 << (bit % 8));
            }
            Assert.InRange(changed / (length * 8.0), 26, 38);
        }
    }

    [Fact]
    public void Neighbouring_keys_have_different_hashes()
    {
        IEnumerable<ulong> hashes = Enumerable.Range(0, 300_000).Select(i => KeyHash.Of(Entry.Bytes($"{i:X}")));
        Assert.Equal(300_000, hashes.Distinct().Count());
    }
}
