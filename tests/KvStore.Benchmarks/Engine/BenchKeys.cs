using System.Buffers.Binary;

namespace KvStore.Benchmarks.Engine;

/// <summary>
/// Keys and values as db_bench makes them: a key is its number in eight bytes, big-endian, filled up with '0'; values are slices
/// of 64 KiB of noise. A key always has the same value, so that reads can check what they get.
/// </summary>
internal sealed class BenchKeys(int keySize, int valueSize)
{
    /// <summary>The shortest key that can hold a number.</summary>
    public const int SmallestKeySize = 8;

    // Small, so that making and checking values costs the processor's caches little.
    private const int NoiseSize = 1 << 16;

    private readonly byte[] _noise = Noise(valueSize);

    public int KeySize => keySize;

    public int ValueSize => valueSize;

    /// <summary>Writes the number's eight bytes; the rest of the key is what the caller filled it with.</summary>
    public static void WriteNumber(Span<byte> key, long number) => BinaryPrimitives.WriteInt64BigEndian(key, number);

    /// <summary>The number in a key of at least eight bytes.</summary>
    public static long NumberOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadInt64BigEndian(key);

    public ReadOnlySpan<byte> Value(long number)
    {
        int at = (int)((ulong)number * 0x9E3779B97F4A7C15 >> 48);
        return _noise.AsSpan(at, valueSize);
    }

    private static byte[] Noise(int valueSize)
    {
        var noise = new byte[NoiseSize + valueSize];
        new Random(301).NextBytes(noise);
        return noise;
    }
}
