using Akka.Actor;
using Akka.Event;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Remote.Associations;

/// <summary>
/// Turns envelopes into frames in one buffer, with the connection's tables of paths and manifests.
/// <para>Owner: one connection's write round.</para>
/// Invariant: a message that cannot be sent (its serializer throws, it is too long) leaves no byte behind and costs one error.
/// </summary>
internal sealed class OutboundEncoder(Remoting remoting, Address peer)
{
    private readonly FrameBuffer _buffer = new();
    private readonly PathTable _paths = new(remoting.DefaultAddress, peer);
    private readonly ManifestTable _manifests = new();
    private readonly Akka.Serialization.Serialization _serialization = remoting.System.Serialization;
    private readonly Dictionary<Type, int> _loggedSizes = [];

    /// <summary>The longest frame that both sides allow.</summary>
    internal int MaxFrame { get; set; } = remoting.Tcp.MaximumFrameSize;

    internal int Count => _buffer.Count;

    internal ReadOnlyMemory<byte> Written => _buffer.Written;

    internal void Clear() => _buffer.Clear();

    internal void WriteHello(Hello hello) => Handshake.WriteHello(_buffer, hello);

    internal void WriteHeartbeat() => WriteEmpty(FrameType.Heartbeat);

    internal void WriteGoodbye() => WriteEmpty(FrameType.Goodbye);

    internal void WriteMessage(in OutboundEnvelope envelope)
    {
        var message = envelope.Message;
        byte[] payload;
        string manifest;
        Serializer serializer;
        try
        {
            serializer = _serialization.FindSerializerFor(message);
            payload = serializer.ToBinary(message);
            manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        }
        catch (Exception cause)
        {
            // Whatever a user's serializer throws concerns this message alone.
            remoting.Log.Error(cause, "[{0}] for {1} could not be serialized and was lost (association remains live).",
                message.GetType(), envelope.Recipient);
            return;
        }
        if (IsOversized(payload.Length, manifest, envelope))
            return;
        _buffer.BeginFrame(FrameType.Message);
        _paths.Write(_buffer, envelope.Recipient.Path);
        _paths.Write(_buffer, SenderPath(envelope.Sender));
        _manifests.Write(_buffer, serializer.Identifier, manifest);
        _buffer.WriteBytes(payload);
        _buffer.EndFrame();
        Log(envelope, payload.Length);
    }

    internal void WriteSystem(in SystemMessageBuffer.Numbered numbered)
    {
        _buffer.BeginFrame(FrameType.System);
        _buffer.WriteVarint(numbered.Number);
        _paths.Write(_buffer, numbered.Recipient.Path);
        SystemFrame.Write(_buffer, _paths, numbered.Message);
        _buffer.EndFrame();
    }

    private void WriteEmpty(FrameType type)
    {
        _buffer.BeginFrame(type);
        _buffer.EndFrame();
    }

    private static ActorPath? SenderPath(IActorRef? sender) =>
        sender is null or Nobody || sender is IInternalActorRef { IsLocal: true } and EmptyLocalActorRef ? null : sender.Path;

    /// <summary>
    /// Exact where it matters: the envelope's own length is only looked at when the payload comes near the limit.
    /// </summary>
    private bool IsOversized(int payload, string manifest, in OutboundEnvelope envelope)
    {
        if (payload <= MaxFrame / 2 && manifest.Length < ManifestTable.MaxText / 3)
            return false;
        var size = payload + manifest.Length * 3 + FrameHeader.Size + 16
            + PathTable.LongestForm(envelope.Recipient.Path) + PathTable.LongestForm(SenderPath(envelope.Sender));
        if (size <= MaxFrame && manifest.Length < ManifestTable.MaxText / 3)
            return false;
        var cause = new OversizedPayloadException(
            $"Discarding oversized payload sent to {envelope.Recipient}: max allowed size {MaxFrame} bytes, "
            + $"actual size of encoded {envelope.Message.GetType()} was {size} bytes.");
        remoting.Log.Error(cause, "Transient association error (association remains live)");
        return true;
    }

    private void Log(in OutboundEnvelope envelope, int size)
    {
        var settings = remoting.Settings;
        if (settings.LogSend && remoting.Log.IsDebugEnabled)
            remoting.Log.Debug("sending message [{0}] to [{1}] from [{2}]", envelope.Message, envelope.Recipient,
                envelope.Sender);
        if (settings.LogFrameSizeExceeding <= 0 || size < settings.LogFrameSizeExceeding)
            return;
        var type = envelope.Message.GetType();
        if (_loggedSizes.TryGetValue(type, out var logged) && size < logged * 1.1)
            return;
        _loggedSizes[type] = size;
        remoting.Log.Info("Payload size of [{0}] is [{1}] bytes, sent to {2}", type, size, envelope.Recipient);
    }
}
