namespace KvStore.Wire.Formats;

/// <summary>What other messages travel in: numbers 80 to 89.</summary>
internal static class BatchFormats
{
    /// <summary>The number of a batch, which no batch may contain.</summary>
    public const byte BatchNumber = 80;

    private const int MinItem = 6;

    public static readonly MessageFormat[] All =
    [
        new MessageFormat<NodeProtocol.Batch>(
            BatchNumber,
            static (writer, message) =>
            {
                writer.Number(message.Process);
                writer.Number((ulong)message.SentAt.Ticks);
                writer.List(message.Items, static (target, item) =>
                {
                    target.Number(item.Correlation);
                    target.Message(item.Message);
                });
            },
            static (ref WireReader reader) => new(
                reader.Number(),
                TimeSpan.FromTicks((long)reader.Number(long.MaxValue)),
                reader.List(WireLimits.MaxBatch, MinItem, static (ref WireReader source) =>
                    new NodeProtocol.BatchItem(source.Number(), source.Message())))),
        new MessageFormat<NodeProtocol.Chunk>(
            81,
            static (writer, message) =>
            {
                writer.Number(message.Process);
                writer.Number(message.Id);
                writer.Number(message.Index);
                writer.Number(message.Count);
                writer.Bytes(message.Bytes.Span);
            },
            static (ref WireReader reader) => ReadChunk(ref reader)),
    ];

    private static NodeProtocol.Chunk ReadChunk(ref WireReader reader)
    {
        var process = reader.Number();
        var id = reader.Number();
        var index = (uint)reader.Number(WireLimits.MaxChunks - 1);
        var count = (uint)reader.Number(WireLimits.MaxChunks);
        var bytes = reader.Bytes(WireLimits.MaxChunk);
        return index < count
            ? new NodeProtocol.Chunk(process, id, index, count, bytes)
            : throw new WireFormatException($"part {index} of {count} is no part");
    }
}
