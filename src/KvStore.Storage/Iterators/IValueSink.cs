namespace KvStore.Storage.Iterators;

/// <summary>
/// Takes the value that a point read found, while its bytes are pinned in a memtable or in the block cache. Implemented by
/// structs, so that each way to hand a value out (into the caller's span, a buffer writer, a new array) is compiled on its own
/// and allocates nothing by itself. Called at most once a read.
/// </summary>
public interface IValueSink
{
    void Accept(ReadOnlySpan<byte> value);
}
