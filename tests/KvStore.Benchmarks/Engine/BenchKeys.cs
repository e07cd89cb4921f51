using System.Buffers.Binary;

namespace KvStore.Benchmarks.Engine;

/// <summary>
/// Keys and values as db_bench makes them: a key is its number in eight bytes, big-endian, filled up with '0'; values are slices of a
/// mebibyte of noise. A key always has the same value, so that reads can check what they get.
/// </summary>
internal sealed class BenchKeys(int keySize, int valueSize)
{
    private readonly byte[] _noise = Noise(valueSize);

    public int KeySize => keySize;

    public int ValueSize => valueSize;

    public void WriteKey(Span<byte> key, long number)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(eight, number);
        int taken = Math.Min(8, keySize);
        eight[(8 - taken)..].CopyTo(key);
        key[taken..].Fill((byte)'0');
    }

    public ReadOnlySpan<byte> Value(long number)
    {
        int at = (int)((ulong)number * 0x9E3779B97F4A7C15 >> 44);
        return _noise.AsSpan(at, valueSize);
    }

    private static byte[] Noise(int valueSize)
    {
        var noise = new byte[(1 << 20) + valueSize];
        new Random(301).NextBytes(noise);
        return noise;
    }
}
