using KvStore.Storage.Format;

namespace KvStore.Storage;

/// <summary>What became of a write that <see cref="LsmStore.Submit"/> has logged.</summary>
/// <param name="Sequence">The number that <see cref="LsmStore.Submit"/> answered.</param>
/// <param name="Failure">Null: the write is as durable as was asked, and reads see it. Else it is unknown whether it will be there
/// after the store is opened again: <see cref="StoreFailedException"/>, or <see cref="ObjectDisposedException"/> when the store was
/// closed first.</param>
public readonly record struct WriteCompletion(SequenceNumber Sequence, Exception? Failure)
{
    public bool IsDone => Failure is null;
}
