namespace KvStore.Storage.Memory;

/// <summary>
/// Bump allocation out of pooled chunks; nothing is freed before all is. One thread allocates; any may read what it was handed.
/// An allocation larger than a quarter of a chunk gets memory of its own.
/// </summary>
internal sealed unsafe class Arena(ArenaPool pool)
{
    private readonly List<nint> _chunks = [];
    private readonly List<nint> _large = [];
    private byte* _next;
    private byte* _end;
    private long _reserved;

    /// <summary>Bytes taken from the system or the pool.</summary>
    internal long ReservedBytes => Volatile.Read(ref _reserved);

    /// <summary>Bytes handed out, rounding and the ends of chunks included. For the allocating thread.</summary>
    internal long UsedBytes => _reserved - (_end - _next);

    /// <summary>Memory for <paramref name="size"/> bytes, at a multiple of eight; its content is arbitrary.</summary>
    internal byte* Allocate(int size)
    {
        int rounded = (size + 7) & ~7;
        byte* start = _next;
        if (rounded <= _end - start)
        {
            _next = start + rounded;
            return start;
        }

        return AllocateSlowly(rounded);
    }

    internal void FreeAll()
    {
        foreach (nint chunk in _chunks)
            pool.Return((byte*)chunk);
        foreach (nint memory in _large)
            ArenaPool.Free((byte*)memory);
        _chunks.Clear();
        _large.Clear();
        _next = _end = null;
    }

    private byte* AllocateSlowly(int size)
    {
        if (size > pool.ChunkSize / 4)
        {
            byte* memory = ArenaPool.Allocate(size);
            _large.Add((nint)memory);
            Volatile.Write(ref _reserved, _reserved + size);
            return memory;
        }

        byte* chunk = pool.Take();
        _chunks.Add((nint)chunk);
        Volatile.Write(ref _reserved, _reserved + pool.ChunkSize);
        _next = chunk + size;
        _end = chunk + pool.ChunkSize;
        return chunk;
    }
}
