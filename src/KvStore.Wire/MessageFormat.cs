namespace KvStore.Wire;

/// <summary>How one type of message is written and read, and its number.</summary>
internal abstract class MessageFormat(byte number, Type type)
{
    /// <summary>The message's number: its manifest. Given once, never to another message.</summary>
    public byte Number => number;

    public Type Type => type;

    /// <summary>The number in decimal, as Akka wants it.</summary>
    public string Manifest { get; } = number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public abstract void Write(WireWriter writer, IWireMessage message);

    public abstract IWireMessage Read(ref WireReader reader);
}

/// <summary>Reads the fields of one message.</summary>
internal delegate TMessage ReadMessage<out TMessage>(ref WireReader reader);

/// <summary>The format of one type of message, as two functions.</summary>
internal sealed class MessageFormat<TMessage>(byte number, Action<WireWriter, TMessage> write, ReadMessage<TMessage> read)
    : MessageFormat(number, typeof(TMessage))
    where TMessage : class, IWireMessage
{
    public override void Write(WireWriter writer, IWireMessage message) => write(writer, (TMessage)message);

    public override IWireMessage Read(ref WireReader reader) => read(ref reader);
}
