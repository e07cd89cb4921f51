using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

internal partial class ActorCell
{
    /// <summary>Whom this actor watches, with the message that it wants instead of Terminated (null: none).</summary>
    private OrderedRefs<object?>? _watching;

    private OrderedRefs<object?>? _watchedBy;

    /// <summary>Stopped actors whose Terminated is queued here.</summary>
    private OrderedRefs<object?>? _terminatedQueued;

    private bool _hearsOfAddresses;

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Watch(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (!subject.Equals(_self) && _watching?.TryTakeIncarnation(subject, out _) == true)
        {
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, _self));
            KeepAddressSubscription();
        }

        _terminatedQueued?.TryTakeIncarnation(subject, out _);
        return subject;
    }

    /// <summary>Its Terminated is in the mailbox again: the first time that it came its mark was taken.</summary>
    internal void TerminatedQueuedFor(IActorRef subject) => (_terminatedQueued ??= new OrderedRefs<object?>()).Add(subject, null);

    private IActorRef Watch(IActorRef subject, object? message)
    {
        if (subject is not IInternalActorRef actor) throw new ArgumentException($"{subject} cannot be watched.", nameof(subject));
        if (subject.Equals(_self)) return subject;
        if (_watching is not null && _watching.TryGet(subject, out var previous))
        {
            if (!Equals(previous, message))
                throw new InvalidOperationException(
                    $"{_self} watches {subject} already, with {previous ?? "Terminated"}, and cannot also be told "
                    + $"{message ?? "Terminated"}. Unwatch it first.");
            return subject;
        }

        (_watching ??= new OrderedRefs<object?>()).Add(subject, message);
        actor.SendSystemMessage(new Watch(actor, _self));
        KeepAddressSubscription();
        return subject;
    }

    private void ReceivedTerminated(Terminated terminated)
    {
        if (_terminatedQueued?.TryTake(terminated.ActorRef, out var message) != true) return;
        if (message is null)
        {
            ReceiveMessage(terminated);
        }
        else
        {
            _currentMessage = message;
            ReceiveMessage(message);
        }
    }

    private void WatchedActorTerminated(DeathWatchNotification notice)
    {
        var actor = notice.Actor;
        if (_watching is not null && _watching.TryTakeIncarnation(actor, out var message))
        {
            KeepAddressSubscription();
            if (!IsTerminating)
            {
                _self.Tell(new Terminated(actor, notice.ExistenceConfirmed, notice.AddressTerminated), actor);
                (_terminatedQueued ??= new OrderedRefs<object?>()).Add(actor, message);
            }
        }

        if (_children.Find(actor) is not null) HandleChildTerminated(actor);
    }

    private void AddWatcher(IActorRef watchee, IActorRef watcher)
    {
        if (watchee.Equals(_self) && !watcher.Equals(_self))
        {
            if ((_watchedBy ??= new OrderedRefs<object?>()).Add(watcher, null) && SystemImpl.Settings.DebugLifecycle)
                PublishDebug("now watched by " + watcher);
            KeepAddressSubscription();
        }
        else if (!watchee.Equals(_self) && watcher.Equals(_self))
        {
            Watch(watchee);
        }
    }

    private void RemoveWatcher(IActorRef watchee, IActorRef watcher)
    {
        if (watchee.Equals(_self) && !watcher.Equals(_self))
        {
            if (_watchedBy?.Remove(watcher) == true && SystemImpl.Settings.DebugLifecycle)
                PublishDebug("no longer watched by " + watcher);
            KeepAddressSubscription();
        }
        else if (!watchee.Equals(_self) && watcher.Equals(_self))
        {
            Unwatch(watchee);
        }
    }

    /// <summary>A node is lost: its watchers are gone, and its actors that are watched here count as stopped.</summary>
    private void LoseAddress(Address address)
    {
        foreach (var watcher in _watchedBy?.Refs() ?? [])
        {
            if (watcher.Path.Address == address) _watchedBy!.Remove(watcher);
        }

        KeepAddressSubscription();

        foreach (var watched in _watching?.Refs() ?? [])
        {
            if (watched.Path.Address != address) continue;
            var known = _children.Find(watched) is not null;
            _self.SendSystemMessage(new DeathWatchNotification(watched, existenceConfirmed: known, addressTerminated: true));
        }
    }

    private void TellWatchersWeDied()
    {
        if (_watchedBy is null) return;
        var watchers = _watchedBy.Refs();
        _watchedBy = null;
        // remote watchers first: a local one may be what shuts the remoting down
        foreach (var watcher in watchers) TellWatcher(watcher, local: false);
        foreach (var watcher in watchers) TellWatcher(watcher, local: true);
        KeepAddressSubscription();
    }

    private void TellWatcher(IActorRef watcher, bool local)
    {
        var actor = (IInternalActorRef)watcher;
        if (actor.IsLocal != local || actor.Equals(Parent)) return;
        try
        {
            actor.SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: true, addressTerminated: false));
        }
        catch (Exception e)
        {
            PublishError(e, $"{watcher} could not be told of the end of {_self}"); // the other watchers are
        }
    }

    private void UnwatchWatchedActors()
    {
        if (_watching is null) return;
        foreach (var watched in _watching.Refs())
            ((IInternalActorRef)watched).SendSystemMessage(new Unwatch((IInternalActorRef)watched, _self));
        _watching = null;
        _terminatedQueued = null;
        KeepAddressSubscription();
    }

    /// <summary>Hears of lost nodes exactly while it watches, or is watched by, an actor elsewhere.</summary>
    private void KeepAddressSubscription()
    {
        if (!SystemImpl.HasRemoteActors) return;
        var wanted = _watching is { Elsewhere: > 0 } || _watchedBy is { Elsewhere: > 0 };
        if (wanted == _hearsOfAddresses) return;
        _hearsOfAddresses = wanted;
        if (wanted) SystemImpl.AddressTerminatedTopic.Subscribe(_self);
        else SystemImpl.AddressTerminatedTopic.Unsubscribe(_self);
    }
}
