using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Wire.Formats;

namespace KvStore.Wire;

/// <summary>
/// The closed list of messages and their bytes. A message's number is its manifest: given once, never to another message; a message
/// that is given up leaves its number unused.
/// <para>Any thread: each encodes with a writer of its own.</para>
/// </summary>
public static class WireCodec
{
    private static readonly MessageFormat[] All =
        [.. ReplicaFormats.All, .. ClientFormats.All, .. ListingFormats.All, .. RegisterFormats.All, .. NodeFormats.All, .. BatchFormats.All];

    private static readonly FrozenDictionary<Type, MessageFormat> ByType = All.ToFrozenDictionary(format => format.Type);
    private static readonly MessageFormat?[] ByNumber = Numbered();

    [ThreadStatic]
    private static WireWriter? _writer;

    /// <summary>Every type of message with its number.</summary>
    public static IEnumerable<(byte Number, Type Type)> Messages => All.Select(format => (format.Number, format.Type));

    /// <summary>The manifest of a message: its number in decimal.</summary>
    public static string ManifestOf(IWireMessage message) => FormatOf(message).Manifest;

    /// <summary>A message's bytes, in an array of their own.</summary>
    public static byte[] Encode(IWireMessage message)
    {
        var writer = Rent();
        FormatOf(message).Write(writer, message);
        return Return(writer).ToArray();
    }

    /// <summary>Writes a message's bytes to a buffer; returns how many.</summary>
    public static int Encode(IWireMessage message, IBufferWriter<byte> target)
    {
        var writer = Rent();
        FormatOf(message).Write(writer, message);
        var bytes = Return(writer);
        target.Write(bytes);
        return bytes.Length;
    }

    /// <summary>A message's number and then its bytes, in an array of their own.</summary>
    public static byte[] EncodeNumbered(IWireMessage message)
    {
        var format = FormatOf(message);
        var writer = Rent();
        writer.Byte(format.Number);
        format.Write(writer, message);
        return Return(writer).ToArray();
    }

    /// <exception cref="WireFormatException">The number is of no message, or the bytes are not that message.</exception>
    public static IWireMessage DecodeNumbered(ReadOnlyMemory<byte> bytes) =>
        bytes.IsEmpty ? throw WireReader.CutShort() : Decode(bytes.Span[0], bytes[1..]);

    /// <exception cref="WireFormatException">The manifest is of no message, or the bytes are not that message.</exception>
    public static IWireMessage Decode(string manifest, ReadOnlyMemory<byte> bytes) =>
        byte.TryParse(manifest, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Decode(number, bytes)
            : throw Unknown($"number {manifest}");

    /// <exception cref="WireFormatException">The number is of no message, or the bytes are not that message.</exception>
    public static IWireMessage Decode(byte number, ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = (ByNumber[number] ?? throw Unknown($"number {number}")).Read(ref reader);
        reader.End();
        return message;
    }

    /// <summary>A ring's bytes, as they are in messages and in the ring's journal.</summary>
    public static byte[] EncodeRing(Ring ring)
    {
        var writer = Rent();
        writer.Ring(ring);
        return Return(writer).ToArray();
    }

    /// <exception cref="WireFormatException">The bytes are no ring.</exception>
    public static Ring DecodeRing(ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var ring = reader.Ring();
        reader.End();
        return ring;
    }

    /// <summary>What an acceptor keeps of a strong key, as it is on its disk.</summary>
    public static byte[] EncodeRegister(AcceptorState<RegisterValue> state)
    {
        var writer = Rent();
        writer.State(state);
        return Return(writer).ToArray();
    }

    /// <exception cref="WireFormatException">The bytes are no acceptor's state.</exception>
    public static AcceptorState<RegisterValue> DecodeRegister(ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var state = reader.RegisterState();
        reader.End();
        return state;
    }

    /// <summary>A vote on the ring of an epoch, as it is in the ring's journal.</summary>
    public static byte[] EncodeVote(RingEpoch slot, AcceptorState<Ring> vote)
    {
        var writer = Rent();
        writer.Epoch(slot);
        writer.Ballot(vote.Promised);
        writer.Ballot(vote.Accepted);
        writer.Flag(vote.Value is not null);
        if (vote.Value is not null)
            writer.Ring(vote.Value);
        return Return(writer).ToArray();
    }

    /// <exception cref="WireFormatException">The bytes are no vote.</exception>
    public static (RingEpoch Slot, AcceptorState<Ring> Vote) DecodeVote(ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var slot = reader.Epoch();
        var vote = new AcceptorState<Ring>(reader.Ballot(), reader.Ballot(), reader.Flag() ? reader.Ring() : null);
        reader.End();
        return (slot, vote);
    }

    internal static MessageFormat FormatOf(IWireMessage message) =>
        ByType.TryGetValue(message.GetType(), out var format) ? format : throw Unknown(message.GetType().Name);

    /// <summary>The thread's writer, or a new one when that is in use.</summary>
    private static WireWriter Rent()
    {
        var writer = _writer ?? new WireWriter();
        _writer = null;
        writer.Clear();
        return writer;
    }

    private static ReadOnlySpan<byte> Return(WireWriter writer)
    {
        if (writer.Capacity <= WireLimits.MaxKeptBuffer)
            _writer = writer;
        return writer.Written;
    }

    private static MessageFormat?[] Numbered()
    {
        var byNumber = new MessageFormat?[256];
        foreach (var format in All)
        {
            if (byNumber[format.Number] is not null)
                throw new InvalidOperationException($"Two messages have the number {format.Number}.");
            byNumber[format.Number] = format;
        }

        return byNumber;
    }

    private static WireFormatException Unknown(string what) =>
        new($"{what} is in no list of messages; the peer may run another version of KvStore");
}
