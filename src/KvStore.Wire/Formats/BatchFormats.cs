using KvStore.Core.Links;

namespace KvStore.Wire.Formats;

/// <summary>What other messages travel in: numbers 80 to 89 (81 was given up).</summary>
internal static class BatchFormats
{
    private const int MinItem = 3;
    private const byte PartFlag = 0x80;

    /// <summary>No message is worth waiting for longer, in microseconds: an hour.</summary>
    private const ulong MaxLeft = 3_600_000_000;

    public static readonly MessageFormat[] All =
    [
        new MessageFormat<NodeProtocol.Batch>(
            80,
            static (writer, message) =>
            {
                var batch = message.Content;
                writer.Number(batch.Process);
                writer.Number(batch.To);
                writer.Number(batch.Number);
                writer.Number(batch.Acknowledged);
                writer.Flag(batch.WantsAck);
                writer.Number((ulong)batch.SentAt.Ticks);
                writer.Count(batch.Items.Length);
                foreach (var item in batch.Items)
                    WriteItem(writer, item, batch.SentAt);
            },
            static (ref WireReader reader) => new(ReadBatch(ref reader))),
    ];

    private static LinkBatch ReadBatch(ref WireReader reader)
    {
        var (process, to, number, acknowledged) = (reader.Number(), reader.Number(), reader.Number(), reader.Number());
        var wantsAck = reader.Flag();
        var sentAt = TimeSpan.FromTicks((long)reader.Number(long.MaxValue / 2));
        var items = reader.List(
            WireLimits.MaxBatch, MinItem, (ref WireReader source) => ReadItem(ref source, sentAt));
        return new LinkBatch(process, to, number, acknowledged, wantsAck, sentAt, items);
    }

    /// <summary>Due as what was left when the batch went out, in microseconds and one more; 0 for never.</summary>
    private static void WriteItem(WireWriter writer, LinkItem item, TimeSpan sentAt)
    {
        writer.Byte((byte)((byte)item.Kind | (item.PartsOf != 0 || item.Kind == LinkItemKind.Part ? PartFlag : 0)));
        writer.Number(item.Correlation);
        writer.Number(item.Due == TimeSpan.MaxValue ? 0 : 1 + (ulong)Math.Max(0, (item.Due - sentAt).Ticks / TimeSpan.TicksPerMicrosecond));
        if (item.PartsOf != 0 || item.Kind == LinkItemKind.Part)
        {
            writer.Number(item.PartsOf);
            writer.Count(item.Offset);
        }

        writer.Bytes(item.Body.Span);
    }

    private static LinkItem ReadItem(ref WireReader reader, TimeSpan sentAt)
    {
        var kind = reader.Byte();
        var isPart = (kind & PartFlag) != 0;
        if ((kind & ~PartFlag) > (byte)LinkItemKind.Part)
            throw new WireFormatException($"{kind} is no kind of message");
        var correlation = reader.Number();
        var left = reader.Number(MaxLeft);
        var due = left == 0 ? TimeSpan.MaxValue : sentAt + TimeSpan.FromTicks((long)(left - 1) * TimeSpan.TicksPerMicrosecond);
        var (partsOf, offset) = isPart ? (reader.Number(), reader.Count(WireLimits.MaxMessage)) : (0, 0);
        return new LinkItem((LinkItemKind)(kind & ~PartFlag), correlation, due, partsOf, offset, reader.Bytes(WireLimits.MaxPart));
    }
}
