namespace KvStore.Storage.Iterators;

/// <summary>
/// A cursor over internal keys in their order (<see cref="Format.InternalKey.Compare"/>): a memtable, a block, a table, a level
/// or a merge of them. One thread at a time. No step allocates.
///
/// 1. A new iterator is not positioned: <see cref="Valid"/> is false until the first seek.
/// 2. <see cref="Key"/>, <see cref="Value"/>, <see cref="Next"/> and <see cref="Prev"/> need <see cref="Valid"/>; the spans hold
/// until    the iterator moves or is disposed.
/// 3. Damage found on the way is a <see cref="CorruptionException"/>, never an end that comes too soon.
/// </summary>
public abstract class InternalIterator : IDisposable
{
    public abstract bool Valid { get; }

    /// <summary>The internal key here.</summary>
    public abstract ReadOnlySpan<byte> Key { get; }

    public abstract ReadOnlySpan<byte> Value { get; }

    public abstract void SeekToFirst();

    public abstract void SeekToLast();

    /// <summary>To the first entry at or after <paramref name="internalKey"/>.</summary>
    public abstract void Seek(ReadOnlySpan<byte> internalKey);

    public abstract void Next();

    public abstract void Prev();

    public abstract void Dispose();
}
