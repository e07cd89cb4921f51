using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Wire.Formats;

/// <summary>Messages that list keys: numbers 28, 29, 45 and 46.</summary>
internal static class ListingFormats
{
    /// <summary>A key of one byte with its length.</summary>
    private const int MinKey = 2;

    public static readonly MessageFormat[] All =
    [
        new MessageFormat<ReplicaProtocol.ListReplica>(
            28,
            static (writer, message) =>
            {
                writer.Epoch(message.Epoch);
                writer.Partition(message.Partition);
                writer.Bucket(message.Bucket);
                writer.Number(message.From.Value);
                writer.Count(message.Max);
                writer.Budget(message.Budget);
            },
            static (ref WireReader reader) => new(
                reader.Epoch(), reader.Partition(), reader.Bucket(), Position(ref reader), reader.Count(WireLimits.MaxPage), reader.Budget())),
        new MessageFormat<ReplicaProtocol.ReplicaListed>(
            29,
            static (writer, message) =>
            {
                writer.Node(message.Node);
                writer.List(message.Page.Keys, static (target, key) => target.Bytes(key.Span));
                WriteNext(writer, message.Page.Next);
            },
            static (ref WireReader reader) => new(
                reader.Node(),
                new KeyPage(
                    reader.List(WireLimits.MaxPage, MinKey, static (ref WireReader source) => source.BareKey()), NextOrNone(ref reader)))),
        new MessageFormat<ClientProtocol.ListKeys>(
            45,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                writer.Bucket(message.Bucket);
                writer.Number(message.From.Value);
                writer.Count(message.Max);
                writer.Budget(message.Budget);
            },
            static (ref WireReader reader) => new(
                reader.Request(), reader.Bucket(), Position(ref reader), reader.Count(WireLimits.MaxPage), reader.Budget())),
        new MessageFormat<ClientProtocol.KeysListed>(
            46,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                writer.Byte((byte)message.Outcome.Result);
                writer.List(message.Outcome.Keys, static (target, listed) =>
                {
                    target.Bytes(listed.Key.Span);
                    target.Flag(listed.IsAgreed);
                });
                WriteNext(writer, message.Outcome.Next);
            },
            static (ref WireReader reader) => new(
                reader.Request(),
                new ListOutcome(
                    reader.Choice<GetResult>(),
                    reader.List(
                        Quorum.MaxN * WireLimits.MaxPage, MinKey + 1,
                        static (ref WireReader source) => new ListedKey(source.BareKey(), source.Flag())),
                    NextOrNone(ref reader)))),
    ];

    private static void WriteNext(WireWriter writer, ScanPosition? next)
    {
        writer.Flag(next.HasValue);
        if (next is { } position)
            writer.Number(position.Value);
    }

    private static ScanPosition? NextOrNone(ref WireReader reader) => reader.Flag() ? Position(ref reader) : null;

    private static ScanPosition Position(ref WireReader reader) => new(reader.Number(ScanPosition.MaxValue));
}
