using System.Runtime.InteropServices;

namespace KvStore.Storage.Tables;

/// <summary>
/// Gathers the key hashes of a table under construction and makes its <see cref="BloomFilter"/>. Owned by one
/// <see cref="TableBuilder"/>; one thread. Equal hashes in a row (several records of one key) count once.
/// </summary>
internal sealed unsafe class BloomFilterBuilder(int bitsPerKey) : IDisposable
{
    private const int InitialCapacity = 1024;

    private ulong* _hashes = (ulong*)NativeMemory.Alloc(InitialCapacity, sizeof(ulong));
    private int _capacity = InitialCapacity;
    private int _count;

    /// <summary>Bytes that <see cref="WriteTo"/> needs; 0 when no key was added.</summary>
    public int Size => _count == 0 ? 0 : (int)BloomFilter.LineCount(_count, bitsPerKey) * BloomFilter.LineSize;

    public void Add(ulong hash)
    {
        if (_count > 0 && _hashes[_count - 1] == hash)
            return;
        if (_count == _capacity)
        {
            _capacity = checked(_capacity * 2);
            _hashes = (ulong*)NativeMemory.Realloc(_hashes, checked((nuint)_capacity * sizeof(ulong)));
        }
        _hashes[_count++] = hash;
    }

    /// <summary>Fills <paramref name="filter"/>, exactly <see cref="Size"/> bytes, and forgets the keys.</summary>
    public void WriteTo(Span<byte> filter)
    {
        filter.Clear();
        uint lineCount = (uint)(filter.Length / BloomFilter.LineSize);
        fixed (byte* lines = filter)
        {
            for (int i = 0; i < _count; i++)
                BloomFilter.Add(lines, lineCount, _hashes[i]);
        }
        _count = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_hashes);
        _hashes = null;
        _capacity = _count = 0;
    }
}
