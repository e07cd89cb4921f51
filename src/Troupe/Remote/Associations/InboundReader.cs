using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote.Wire;

namespace Akka.Remote.Associations;

/// <summary>
/// Frames of one accepted connection become messages for local actors: paths resolved (and remembered), payloads deserialized.
/// <para>Owner: one connection's reader, under its peer's gate.</para>
/// Invariant: a payload that cannot be read costs one error and that message; a frame that cannot be parsed, the connection.
/// </summary>
internal sealed class InboundReader(Remoting remoting, InboundPeer peer)
{
    private readonly PathEntries _paths = new(remoting.DefaultAddress, peer.Address);
    private readonly ManifestEntries _manifests = new();
    private readonly InboundDispatcher _dispatcher = remoting.Dispatcher;
    private readonly string[] _childName = new string[1];

    internal void DeliverMessage(ReadOnlySpan<byte> body)
    {
        var reader = new FrameReader(body);
        var recipientName = _paths.Read(ref reader);
        if (recipientName.Entry is null)
            throw new MalformedFrameException("a message for nobody");
        var recipient = Resolve(recipientName);
        var senderName = _paths.Read(ref reader);
        var sender = senderName.Entry is null ? null : Resolve(senderName);
        var (serializer, manifest) = _manifests.Read(ref reader);
        object message;
        try
        {
            message = Deserialize(reader.Rest.ToArray(), serializer, manifest);
        }
        catch (Exception cause)
        {
            // Whatever a user's serializer throws concerns this message alone.
            remoting.Log.Error(cause, "A message of serializer {0}, manifest [{1}] from {2} for {3} could not be deserialized "
                + "and was lost (association remains live).", serializer, Handshake.Printable(manifest), peer.Address, recipient);
            return;
        }
        _dispatcher.Deliver(recipient, message, sender);
    }

    internal void DeliverSystem(ReadOnlySpan<byte> body)
    {
        var reader = new FrameReader(body);
        var number = reader.ReadVarint();
        var name = _paths.Read(ref reader);
        if (name.Entry is null)
            throw new MalformedFrameException("a system message for nobody");
        var recipient = Resolve(name);
        var message = SystemFrame.Read(ref reader, ReadReference);
        if (number <= peer.LastSystem)
            return;
        if (number != peer.LastSystem + 1)
            throw new MalformedFrameException($"system message {number} after {peer.LastSystem}");
        peer.LastSystem = number;
        _dispatcher.DeliverSystem(recipient, message);
    }

    private object Deserialize(byte[] bytes, int identifier, string manifest) =>
        remoting.System.Serialization.FindById(identifier) is { } serializer
            ? Akka.Serialization.Serialization.Read(serializer, bytes, manifest)
            : throw new SerializationException(
                $"Cannot find serializer with id [{identifier}]: akka.actor.serializers is not the same in the two systems.");

    private IInternalActorRef ReadReference(ref FrameReader reader)
    {
        var name = _paths.Read(ref reader);
        return name.Entry is null ? throw new MalformedFrameException("a system message about nobody") : Resolve(name);
    }

    private IInternalActorRef Resolve(in PathEntries.Reference name)
    {
        if (name.ChildName is null)
            return ResolveEntry(name.Entry!);
        if (!remoting.Provider.HasAddress(name.Entry!.Path.Address))
            return remoting.Provider.RemoteRef(name.Path!);
        _childName[0] = name.ChildName;
        var child = ResolveEntry(name.Entry).GetChild(_childName);
        return child is IInternalActorRef found and not Nobody && (name.ChildUid == 0 || name.ChildUid == child.Path.Uid)
            ? found
            : remoting.Provider.DeadRef(name.Path!);
    }

    /// <summary>A stopped actor is looked up again: a path without uid may mean its successor.</summary>
    private IInternalActorRef ResolveEntry(PathEntries.Entry entry)
    {
        if (entry.Resolved is { } known && !(known.IsLocal && known.IsTerminated))
            return known;
        var resolved = remoting.Provider.HasAddress(entry.Path.Address)
            ? remoting.Provider.ResolveLocal(entry.Path)
            : remoting.Provider.RemoteRef(entry.Path);
        entry.Resolved = resolved is EmptyLocalActorRef ? null : resolved;
        return resolved;
    }
}
