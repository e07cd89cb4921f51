using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Remote.Wire;

/// <summary>
/// The body of a system message after its number and recipient: one byte for the kind, then the kind's references. A closed list:
/// watching and stopping across nodes. What an actor's creator alone may send (suspend, resume, recreate) has no form, as
/// actors are never created across nodes.
/// </summary>
internal static class SystemFrame
{
    private const byte WatchKind = 1;
    private const byte UnwatchKind = 2;
    private const byte DeathKind = 3;
    private const byte TerminateKind = 4;

    private const byte Existed = 1;
    private const byte AddressLost = 2;

    internal static bool CanWrite(ISystemMessage message) => message is Watch or Unwatch or DeathWatchNotification or Terminate;

    internal static void Write(FrameBuffer target, PathTable paths, ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch:
                WritePair(target, paths, WatchKind, watch.Watchee, watch.Watcher);
                break;
            case Unwatch unwatch:
                WritePair(target, paths, UnwatchKind, unwatch.Watchee, unwatch.Watcher);
                break;
            case DeathWatchNotification death:
                target.WriteByte(DeathKind);
                paths.Write(target, death.Actor.Path);
                target.WriteByte((byte)((death.ExistenceConfirmed ? Existed : 0) | (death.AddressTerminated ? AddressLost : 0)));
                break;
            case Terminate:
                target.WriteByte(TerminateKind);
                break;
            default:
                throw new InvalidOperationException($"{message.GetType().Name} has no form on the wire.");
        }
    }

    internal static ISystemMessage Read(ref FrameReader reader, ReferenceReader references)
    {
        switch (reader.ReadByte())
        {
            case WatchKind:
                return new Watch(references(ref reader), references(ref reader));
            case UnwatchKind:
                return new Unwatch(references(ref reader), references(ref reader));
            case DeathKind:
                var actor = references(ref reader);
                var flags = reader.ReadByte();
                return new DeathWatchNotification(actor, (flags & Existed) != 0, (flags & AddressLost) != 0);
            case TerminateKind:
                return new Terminate();
            case var kind:
                throw new MalformedFrameException($"a system message of kind {kind}");
        }
    }

    /// <summary>Reads a reference and resolves it.</summary>
    internal delegate IInternalActorRef ReferenceReader(ref FrameReader reader);

    private static void WritePair(FrameBuffer target, PathTable paths, byte kind, IActorRef watchee, IActorRef watcher)
    {
        target.WriteByte(kind);
        paths.Write(target, watchee.Path);
        paths.Write(target, watcher.Path);
    }
}
