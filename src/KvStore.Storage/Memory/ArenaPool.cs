using System.Runtime.InteropServices;

namespace KvStore.Storage.Memory;

/// <summary>
/// Chunks of native memory for memtables, given back and used again, so that a full memtable costs no page faults a second time.
/// Thread-safe. What is given back beyond the bound is freed at once.
/// </summary>
internal sealed unsafe class ArenaPool(int chunkSize, int keptChunks) : IDisposable
{
    private readonly Stack<nint> _free = new();
    private bool _disposed;

    internal int ChunkSize => chunkSize;

    internal byte* Take()
    {
        lock (_free)
        {
            if (_free.TryPop(out nint chunk))
                return (byte*)chunk;
        }

        return Allocate(chunkSize);
    }

    internal void Return(byte* chunk)
    {
        lock (_free)
        {
            if (!_disposed && _free.Count < keptChunks)
            {
                _free.Push((nint)chunk);
                return;
            }
        }

        Free(chunk);
    }

    internal static byte* Allocate(long size) => (byte*)NativeMemory.AlignedAlloc((nuint)size, 4096);

    internal static void Free(byte* memory) => NativeMemory.AlignedFree(memory);

    public void Dispose()
    {
        lock (_free)
        {
            _disposed = true;
            while (_free.TryPop(out nint chunk))
                Free((byte*)chunk);
        }
    }
}
