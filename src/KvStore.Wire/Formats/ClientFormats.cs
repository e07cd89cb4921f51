using KvStore.Core.Coordination;
using KvStore.Core.Replication;

namespace KvStore.Wire.Formats;

/// <summary>Messages of clients and doors: numbers 6 to 10 and 40 to 49.</summary>
internal static class ClientFormats
{
    public static readonly MessageFormat[] All =
    [
        new MessageFormat<ClientProtocol.Get>(
            6,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                writer.Key(message.Key);
                writer.Budget(message.Budget);
                writer.QuorumOrNone(message.Quorum);
                writer.Flag(message.Monotonic);
                writer.Flag(message.WantsContext);
            },
            static (ref WireReader reader) => new(reader.Request(), reader.Key(), reader.Budget())
            {
                Quorum = reader.QuorumOrNone(),
                Monotonic = reader.Flag(),
                WantsContext = reader.Flag(),
            }),
        new MessageFormat<ClientProtocol.Put>(
            7,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                writer.Key(message.Key);
                writer.Data(message.Value);
                writer.Budget(message.Budget);
                writer.QuorumOrNone(message.Quorum);
                writer.Byte((byte)message.Mode);
                writer.Bytes(message.Context.Span);
                writer.Number((ulong)message.ExpiresAt);
                writer.Flag(message.WantsContext);
                writer.Epoch(message.PassedOn);
            },
            static (ref WireReader reader) => new(reader.Request(), reader.Key(), reader.Data(), reader.Budget())
            {
                Quorum = reader.QuorumOrNone(),
                Mode = reader.Choice<WriteMode>(),
                Context = reader.Bytes(WireLimits.MaxContext),
                ExpiresAt = (long)reader.Number(long.MaxValue),
                WantsContext = reader.Flag(),
                PassedOn = reader.Epoch(),
            }),
        new MessageFormat<ClientProtocol.GetDone>(
            8,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                writer.Byte((byte)message.Result);
                writer.State(message.State);
                writer.Tally(message.Tally);
                writer.Bytes(message.Context.Span);
            },
            static (ref WireReader reader) => new(
                reader.Request(), reader.Choice<GetResult>(), reader.State(), reader.Tally())
            {
                Context = reader.Bytes(WireLimits.MaxContext),
            }),
        new MessageFormat<ClientProtocol.PutDone>(
            9,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                writer.Byte((byte)message.Result);
                writer.Byte((byte)message.Reason);
                writer.Byte((byte)message.Refusal);
                writer.Tally(message.Tally);
                writer.Flag(message.Dot.HasValue);
                if (message.Dot is { } dot)
                    writer.Dot(dot);
                writer.Bytes(message.Context.Span);
            },
            static (ref WireReader reader) => new(
                reader.Request(),
                reader.Choice<PutResult>(),
                reader.Choice<PutReason>(),
                reader.Choice<Refusal>(),
                reader.Tally(),
                reader.Flag() ? reader.Dot() : null)
            {
                Context = reader.Bytes(WireLimits.MaxContext),
            }),
        new MessageFormat<ClientProtocol.Busy>(
            10,
            static (writer, message) => writer.Request(message.Request),
            static (ref WireReader reader) => new(reader.Request())),
        new MessageFormat<ClientProtocol.GetRing>(
            40,
            static (writer, message) => writer.Epoch(message.Known),
            static (ref WireReader reader) => new(reader.Epoch())),
        new MessageFormat<ClientProtocol.BadRequest>(
            42,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                writer.Text(message.Text);
            },
            static (ref WireReader reader) => new(reader.Request(), reader.Text())),
        new MessageFormat<ClientProtocol.ChangeBucket>(
            43,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                writer.BucketChange(message.Change);
            },
            static (ref WireReader reader) => new(reader.Request(), reader.BucketChange())),
        new MessageFormat<ClientProtocol.BucketChanged>(
            44,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                writer.Byte((byte)message.Outcome);
                writer.Text(message.Text);
                writer.Epoch(message.Epoch);
            },
            static (ref WireReader reader) => new(
                reader.Request(), reader.Choice<ClientProtocol.BucketOutcome>(), reader.Text(), reader.Epoch())),
        new MessageFormat<ClientProtocol.RingIs>(
            41,
            static (writer, message) => writer.Ring(message.Ring),
            static (ref WireReader reader) => new(reader.Ring())),
    ];
}
