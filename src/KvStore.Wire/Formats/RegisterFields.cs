using System.Collections.Immutable;
using KvStore.Core.Placement;
using KvStore.Core.Registers;

namespace KvStore.Wire.Formats;

/// <summary>The bytes of ballots, of acceptors' answers and of what strong keys hold. Kinds are numbered and never reused.</summary>
internal static class RegisterFields
{
    private const int MinRecent = 3;

    public static void Ballot(this WireWriter writer, Ballot ballot)
    {
        writer.Epoch(ballot.Epoch);
        writer.Number(ballot.Round);
        writer.Node(ballot.Node);
        writer.Number(ballot.Start);
    }

    public static Ballot Ballot(this ref WireReader reader) =>
        new(reader.Epoch(), reader.Number(), reader.Node(), (uint)reader.Number(uint.MaxValue));

    public static void Value(this WireWriter writer, RegisterValue value)
    {
        writer.Data(value.Data);
        writer.Number(value.Version);
        writer.List(value.Recent, static (target, recent) =>
        {
            target.Request(recent.Id);
            target.Number(recent.Version);
        });
    }

    public static RegisterValue Value(this ref WireReader reader) => new(
        reader.Data(),
        reader.Number(),
        reader.List(RegisterValue.MaxRecent, MinRecent, static (ref WireReader source) =>
            new RecentRequest(source.Request(), source.Number())));

    /// <summary>Bytes that may be absent, which is not the same as empty.</summary>
    public static void Data(this WireWriter writer, ReadOnlyMemory<byte>? data)
    {
        writer.Flag(data.HasValue);
        if (data is { } bytes)
            writer.Bytes(bytes.Span);
    }

    /// <remarks>Written out: in a conditional expression null would become empty bytes.</remarks>
    public static ReadOnlyMemory<byte>? Data(this ref WireReader reader)
    {
        if (!reader.Flag())
            return null;
        return reader.Bytes(WireLimits.MaxValue);
    }

    public static void State(this WireWriter writer, AcceptorState<RegisterValue> state)
    {
        writer.Ballot(state.Promised);
        writer.Ballot(state.Accepted);
        writer.Flag(state.Value is not null);
        if (state.Value is not null)
            writer.Value(state.Value);
    }

    public static AcceptorState<RegisterValue> RegisterState(this ref WireReader reader)
    {
        var promised = reader.Ballot();
        var accepted = reader.Ballot();
        var value = reader.Flag() ? reader.Value() : null;
        return accepted <= promised && accepted.IsNone == (value is null)
            ? new AcceptorState<RegisterValue>(promised, accepted, value)
            : throw new WireFormatException("an acceptor's state is damaged");
    }

    public static void Reply(this WireWriter writer, AcceptorReply<RegisterValue> reply) =>
        writer.Reply(reply, static (target, value) => target.Value(value));

    public static void Reply(this WireWriter writer, AcceptorReply<Ring> reply) =>
        writer.Reply(reply, static (target, ring) => target.Ring(ring));

    public static AcceptorReply<RegisterValue> RegisterReply(this ref WireReader reader) =>
        reader.Reply(static (ref WireReader source) => source.Value());

    public static AcceptorReply<Ring> RingReply(this ref WireReader reader) =>
        reader.Reply(static (ref WireReader source) => source.Ring());

    private static void Reply<TValue>(this WireWriter writer, AcceptorReply<TValue> reply, Action<WireWriter, TValue> write)
        where TValue : class
    {
        switch (reply)
        {
            case AcceptorReply<TValue>.Promised promised:
                writer.Byte(1);
                writer.Ballot(promised.Ballot);
                writer.Ballot(promised.AcceptedAt);
                writer.Flag(promised.Value is not null);
                if (promised.Value is not null)
                    write(writer, promised.Value);
                break;
            case AcceptorReply<TValue>.Accepted accepted:
                writer.Byte(2);
                writer.Ballot(accepted.Ballot);
                break;
            case AcceptorReply<TValue>.Rejected rejected:
                writer.Byte(3);
                writer.Ballot(rejected.Ballot);
                writer.Ballot(rejected.Highest);
                break;
        }
    }

    private static AcceptorReply<TValue> Reply<TValue>(this ref WireReader reader, ReadItem<TValue> read)
        where TValue : class => reader.Choice(3, first: 1) switch
        {
            1 => new AcceptorReply<TValue>.Promised(reader.Ballot(), reader.Ballot(), reader.Flag() ? read(ref reader) : null),
            2 => new AcceptorReply<TValue>.Accepted(reader.Ballot()),
            _ => new AcceptorReply<TValue>.Rejected(reader.Ballot(), reader.Ballot()),
        };
}
