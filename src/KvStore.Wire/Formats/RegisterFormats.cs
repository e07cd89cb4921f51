using KvStore.Core.Registers;

namespace KvStore.Wire.Formats;

/// <summary>Messages about strong keys, between nodes and with clients: numbers 50 to 59.</summary>
internal static class RegisterFormats
{
    public static readonly MessageFormat[] All =
    [
        new MessageFormat<ReplicaProtocol.PrepareRegister>(
            50,
            static (writer, message) =>
            {
                writer.Epoch(message.Epoch);
                writer.Partition(message.Partition);
                writer.Key(message.Key);
                writer.Ballot(message.Ballot);
            },
            static (ref WireReader reader) => new(reader.Epoch(), reader.Partition(), reader.Key(), reader.Ballot())),
        new MessageFormat<ReplicaProtocol.AcceptRegister>(
            51,
            static (writer, message) =>
            {
                writer.Epoch(message.Epoch);
                writer.Partition(message.Partition);
                writer.Key(message.Key);
                writer.Ballot(message.Ballot);
                writer.Value(message.Value);
            },
            static (ref WireReader reader) =>
                new(reader.Epoch(), reader.Partition(), reader.Key(), reader.Ballot(), reader.Value())),
        new MessageFormat<ReplicaProtocol.RegisterAnswered>(
            52,
            static (writer, message) =>
            {
                writer.Node(message.Node);
                writer.Key(message.Key);
                writer.Reply(message.Reply);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Key(), reader.RegisterReply())),
        new MessageFormat<ClientProtocol.DoRegister>(
            53,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                writer.Key(message.Key);
                Write(writer, message.Command);
                writer.Budget(message.Budget);
                writer.Flag(message.IsRepeat);
                writer.Epoch(message.PassedOn);
            },
            static (ref WireReader reader) => new(reader.Request(), reader.Key(), ReadCommand(ref reader), reader.Budget())
            {
                IsRepeat = reader.Flag(), PassedOn = reader.Epoch(),
            }),
        new MessageFormat<ClientProtocol.RegisterDone>(
            54,
            static (writer, message) =>
            {
                writer.Request(message.Request);
                Write(writer, message.Outcome);
            },
            static (ref WireReader reader) => new(reader.Request(), ReadOutcome(ref reader))),
    ];

    private static void Write(WireWriter writer, RegisterCommand command)
    {
        switch (command)
        {
            case RegisterCommand.Get:
                writer.Byte(1);
                break;
            case RegisterCommand.Put put:
                writer.Byte(2);
                writer.Bytes(put.Data.Span);
                break;
            case RegisterCommand.Delete:
                writer.Byte(3);
                break;
            case RegisterCommand.CompareAndSet set:
                writer.Byte(4);
                Write(writer, set.Expected);
                writer.Data(set.Data);
                break;
            default:
                throw new ArgumentException($"{command.GetType().Name} is no client's command", nameof(command));
        }
    }

    private static RegisterCommand ReadCommand(ref WireReader reader) => reader.Choice(4, first: 1) switch
    {
        1 => new RegisterCommand.Get(),
        2 => new RegisterCommand.Put(reader.Bytes(WireLimits.MaxValue)),
        3 => new RegisterCommand.Delete(),
        _ => new RegisterCommand.CompareAndSet(ReadExpectation(ref reader), reader.Data()),
    };

    private static void Write(WireWriter writer, RegisterExpectation expected)
    {
        switch (expected)
        {
            case RegisterExpectation.IsAbsent:
                writer.Byte(1);
                break;
            case RegisterExpectation.HasVersion version:
                writer.Byte(2);
                writer.Number(version.Version);
                break;
            case RegisterExpectation.HasData data:
                writer.Byte(3);
                writer.Bytes(data.Data.Span);
                break;
        }
    }

    private static RegisterExpectation ReadExpectation(ref WireReader reader) => reader.Choice(3, first: 1) switch
    {
        1 => new RegisterExpectation.IsAbsent(),
        2 => new RegisterExpectation.HasVersion(reader.Number()),
        _ => new RegisterExpectation.HasData(reader.Bytes(WireLimits.MaxValue)),
    };

    private static void Write(WireWriter writer, RegisterOutcome outcome)
    {
        switch (outcome)
        {
            case RegisterOutcome.Done done:
                writer.Byte(1);
                writer.Value(done.Value);
                writer.Number(done.Version);
                break;
            case RegisterOutcome.Mismatch mismatch:
                writer.Byte(2);
                writer.Value(mismatch.Value);
                break;
            case RegisterOutcome.NotDone notDone:
                writer.Byte(3);
                writer.Byte((byte)notDone.Reason);
                break;
            case RegisterOutcome.Unknown unknown:
                writer.Byte(4);
                writer.Byte((byte)unknown.Reason);
                break;
        }
    }

    private static RegisterOutcome ReadOutcome(ref WireReader reader) => reader.Choice(4, first: 1) switch
    {
        1 => new RegisterOutcome.Done(reader.Value(), reader.Number()),
        2 => new RegisterOutcome.Mismatch(reader.Value()),
        3 => new RegisterOutcome.NotDone(ReadFailure(ref reader)),
        _ => new RegisterOutcome.Unknown(ReadFailure(ref reader)),
    };

    private static RegisterFailure ReadFailure(ref WireReader reader) =>
        reader.Choice<RegisterFailure>();
}
