using KvStore.Core.Handoff;

namespace KvStore.Wire.Formats;

/// <summary>The bytes of handoff messages. Kinds are numbered and never reused (2 and 5 were).</summary>
internal static class HandoffFields
{
    private const int MinItem = 6;

    public static void Handoff(this WireWriter writer, HandoffMessage message)
    {
        writer.Byte(KindOf(message));
        writer.Partition(message.Handoff.Partition);
        writer.Node(message.Handoff.Source);
        writer.Node(message.Handoff.Receiver);
        writer.Epoch(message.Handoff.Epoch);
        writer.Number(message.Session);
        switch (message)
        {
            case HandoffMessage.Request request:
                writer.KeyOrNone(request.After);
                break;
            case HandoffMessage.Batch batch:
                writer.Number(batch.Number);
                writer.KeyOrNone(batch.After);
                writer.List(batch.Items, static (target, item) => target.Item(item));
                writer.Flag(batch.IsLast);
                writer.Vector(batch.Seen);
                break;
            case HandoffMessage.Acknowledge acknowledge:
                writer.Number(acknowledge.Number);
                break;
        }
    }

    public static HandoffMessage Handoff(this ref WireReader reader)
    {
        var kind = reader.Choice(6, first: 1);
        var handoff = new HandoffId(reader.Partition(), reader.Node(), reader.Node(), reader.Epoch());
        var session = reader.Number();
        return kind switch
        {
            1 => new HandoffMessage.Request(handoff, session, reader.KeyOrNone()),
            3 => new HandoffMessage.Acknowledge(handoff, session, reader.Number()),
            4 => new HandoffMessage.Cancel(handoff, session),
            6 => new HandoffMessage.Batch(
                handoff, session, reader.Number(), reader.KeyOrNone(),
                reader.List(WireLimits.MaxList, MinItem, static (ref WireReader source) => source.Item()), reader.Flag(), reader.Vector()),
            _ => throw new WireFormatException($"{kind} is no message of a handoff any more"),
        };
    }

    private static byte KindOf(HandoffMessage message) => message switch
    {
        HandoffMessage.Request => 1,
        HandoffMessage.Batch => 6,
        HandoffMessage.Acknowledge => 3,
        _ => 4,
    };

    private static void Item(this WireWriter writer, HandoffItem item)
    {
        writer.Key(item.Key);
        writer.Flag(item.Register is not null);
        if (item.Register is not null)
            writer.State(item.Register);
        else
            writer.State(item.Siblings!);
    }

    private static HandoffItem Item(this ref WireReader reader)
    {
        var key = reader.Key();
        return reader.Flag() ? HandoffItem.Of(key, reader.RegisterState()) : HandoffItem.Of(key, reader.State());
    }
}
