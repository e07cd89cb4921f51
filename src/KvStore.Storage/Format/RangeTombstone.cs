namespace KvStore.Storage.Format;

/// <summary>Deletes every key in [<paramref name="Begin"/>, <paramref name="End"/>) that was written before it.</summary>
public readonly record struct RangeTombstone(byte[] Begin, byte[] End, SequenceNumber Sequence);
