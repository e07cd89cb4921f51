using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Associations;

namespace Akka.Remote;

/// <summary>
/// An actor of another system, by path. With a uid it means one incarnation of that actor and is silently dead afterwards;
/// without one it means whoever has the path.
/// <para>Thread rule: immutable but for a cache; any thread.</para>
/// </summary>
public class RemoteActorRef : InternalActorRefBase, IRemoteRef
{
    private readonly RemoteTransport _remote;
    private readonly IInternalActorRef _parent;

    public RemoteActorRef(
        RemoteTransport remote, Address localAddressToUse, ActorPath path, IInternalActorRef parent, Props props, Deploy deploy)
    {
        if (path.Address.HasLocalScope)
            throw new ArgumentException($"A remote reference needs an address with a host, and [{path}] has none.", nameof(path));
        _remote = remote;
        LocalAddressToUse = localAddressToUse;
        Path = path;
        _parent = parent;
    }

    public Address LocalAddressToUse { get; }

    public override ActorPath Path { get; }

    public override IInternalActorRef Parent => _parent;

    public override IActorRefProvider Provider => _remote.Provider;

    public override bool IsLocal => false;

    /// <summary>Unknown from here, so never true.</summary>
    public override bool IsTerminated => false;

    /// <summary>The transport's cache: where messages for this reference go.</summary>
    internal Association? Association { get; set; }

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        var path = Path;
        foreach (var element in name)
        {
            if (element.Length > 0)
                path = element == ".." ? path.Parent : path / element;
        }
        return ReferenceEquals(path, Path)
            ? this
            : new RemoteActorRef(_remote, LocalAddressToUse, path, Nobody.Instance, Props.Empty, Deploy.Local);
    }

    /// <summary>Does the watcher of remote actors keep this watch, on behalf of <paramref name="watcher"/>?</summary>
    public bool IsWatchIntercepted(IActorRef watchee, IActorRef watcher) =>
        !watcher.Equals(_remote.Provider.RemoteWatcher) && watchee.Equals(this);

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch when IsWatchIntercepted(watch.Watchee, watch.Watcher):
                _remote.Provider.RemoteWatcher.Tell(new RemoteWatcher.WatchRemote(watch.Watchee, watch.Watcher),
                    ActorRefs.NoSender);
                break;
            case Unwatch unwatch when IsWatchIntercepted(unwatch.Watchee, unwatch.Watcher):
                _remote.Provider.RemoteWatcher.Tell(new RemoteWatcher.UnwatchRemote(unwatch.Watchee, unwatch.Watcher),
                    ActorRefs.NoSender);
                break;
            default:
                _remote.Send(message, ActorRefs.NoSender, this);
                break;
        }
    }

    public override void Stop() => SendSystemMessage(new Terminate());

    // Only an actor's creator starts, suspends, resumes or restarts it, and actors are never created across systems.
    public override void Start()
    {
    }

    public override void Suspend()
    {
    }

    public override void Resume(Exception? causedByFailure = null)
    {
    }

    public override void Restart(Exception cause)
    {
    }

    protected override void TellInternal(object message, IActorRef? sender) => _remote.Send(message, sender!, this);
}
