namespace KvStore.Storage;

/// <summary>Refuses what the store's options do not allow, before anything is touched.</summary>
internal static class Limits
{
    internal static void Check(EngineOptions options, int keyLength, int valueLength)
    {
        if (keyLength == 0)
            throw new InvalidKeyException("A key must have at least one byte. Nothing was changed.");
        if (keyLength > options.MaxKeyBytes)
            throw new InvalidKeyException(
                $"The key has {keyLength} bytes, and {options.MaxKeyBytes} are allowed. Nothing was changed.");
        if (valueLength > options.MaxValueBytes)
            throw new TooLargeException(
                $"The value has {valueLength} bytes, and {options.MaxValueBytes} are allowed. Nothing was changed.");
    }

    internal static void CheckRange(EngineOptions options, ReadOnlySpan<byte> begin, ReadOnlySpan<byte> end)
    {
        Check(options, begin.Length, 0);
        Check(options, end.Length, 0);
        if (begin.SequenceCompareTo(end) >= 0)
            throw new ArgumentException(
                "The range is empty: its begin must be before its end. Nothing was changed.", nameof(begin));
    }

    internal static void Check(EngineOptions options, WriteBatch batch)
    {
        if (batch.Count == 0)
            return;
        Check(options, batch.LongestKey, batch.LongestValue);
        if (batch.Bytes > options.MaxBatchBytes)
            throw new TooLargeException(
                $"The batch has {batch.Bytes} bytes, and {options.MaxBatchBytes} are allowed. Nothing was changed.");
    }
}
