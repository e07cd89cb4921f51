namespace KvStore.Benchmarks.Load;

/// <summary>A way into the store, as one load loop uses it: one operation at a time.</summary>
internal interface ILoadDoor : IDisposable
{
    /// <summary>Whether an operation keeps its thread until it is answered.</summary>
    bool Blocks { get; }

    ValueTask<Answer> Get(ReadOnlyMemory<byte> key);

    ValueTask<Answer> Set(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value);
}

/// <param name="Error">What went wrong, in a word; null when all is well.</param>
/// <param name="Value">The bytes that came, until the next operation.</param>
internal readonly record struct Answer(string? Error, ReadOnlyMemory<byte> Value);
