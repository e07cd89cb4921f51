using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// Watches actors of other systems for all local watchers: one watch a watched actor, one heartbeat a watched system. Each
/// system's
/// watcher answers the others' heartbeats with its system's uid.
/// <para>When a system falls silent it is quarantined, and whoever watched an actor there hears that the address is lost.</para>
/// <para>The virtual members are the seam by which a cluster takes over the watching of its members.</para>
/// </summary>
public partial class RemoteWatcher : UntypedActor, IRequiresMessageQueue<IUnboundedMessageQueueSemantics>
{
    [SuppressMessage("Design", "CA1051", Justification = "Akka.NET's signature")]
    protected readonly ILoggingAdapter Log = Context.GetLogger();

    [SuppressMessage("Design", "CA1051", Justification = "Akka.NET's signature")]
    protected readonly Dictionary<IInternalActorRef, HashSet<IInternalActorRef>> Watching = [];

    [SuppressMessage("Design", "CA1051", Justification = "Akka.NET's signature")]
    protected readonly Dictionary<Address, HashSet<IInternalActorRef>> WatcheeByNodes = [];

    private readonly IFailureDetectorRegistry<Address> _failureDetector;
    private readonly TimeSpan _heartbeatExpectedResponseAfter;
    private readonly Dictionary<Address, int> _uids = [];
    private readonly IRemoteActorRefProvider _provider;
    private readonly HeartbeatRsp _answer;
    private readonly ICancelable _heartbeats;
    private readonly ICancelable _reaper;

    public RemoteWatcher(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
        TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter)
    {
        _failureDetector = failureDetector;
        _heartbeatExpectedResponseAfter = heartbeatExpectedResponseAfter;
        var system = (ExtendedActorSystem)Context.System;
        _provider = (IRemoteActorRefProvider)system.Provider;
        _answer = new HeartbeatRsp(AddressUidExtension.Uid(system));
        _heartbeats = Repeat(heartbeatInterval, HeartbeatTick.Instance);
        _reaper = Repeat(unreachableReaperInterval, ReapUnreachableTick.Instance);
    }

    /// <summary>Systems that were found silent and have not been watched anew since.</summary>
    protected HashSet<Address> Unreachable { get; } = [];

    protected ICollection<Address> WatchingNodes => WatcheeByNodes.Keys;

    public static Props Props(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
        TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter) =>
        Actor.Props.Create(() => new RemoteWatcher(
            failureDetector, heartbeatInterval, unreachableReaperInterval, heartbeatExpectedResponseAfter))
            .WithDeploy(Deploy.Local);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Heartbeat: Sender.Tell(_answer); break;
            case HeartbeatRsp answer: ReceiveHeartbeatRsp(answer.AddressUid); break;
            case HeartbeatTick: SendHeartbeats(); break;
            case ReapUnreachableTick: ReapUnreachable(); break;
            case ExpectedFirstHeartbeat expected: TriggerFirstHeartbeat(expected.From); break;
            case WatchRemote watch: AddWatching(watch.Watchee, watch.Watcher); break;
            case UnwatchRemote unwatch: RemoveWatch(unwatch.Watchee, unwatch.Watcher); break;
            case Terminated terminated: ProcessTerminated(terminated); break;
            case Stats: Sender.Tell(CurrentStats()); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop()
    {
        _heartbeats.Cancel();
        _reaper.Cancel();
        base.PostStop();
    }

    protected void AddWatching(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        Log.Debug("Watching: [{0} -> {1}]", watcher, watchee);
        if (!Watching.TryGetValue(watchee, out var watchers))
        {
            Watching[watchee] = watchers = [];
            WatchNode(watchee);
            // The watch itself, from this actor: it goes to the other system.
            Context.Watch(watchee);
        }
        watchers.Add(watcher);
    }

    protected virtual void WatchNode(IInternalActorRef watchee)
    {
        var node = watchee.Path.Address;
        if (!WatcheeByNodes.TryGetValue(node, out var watchees))
        {
            WatcheeByNodes[node] = watchees = [];
            if (Unreachable.Remove(node))
                _failureDetector.Remove(node);
        }
        watchees.Add(watchee);
    }

    protected void RemoveWatch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        Log.Debug("Unwatching: [{0} -> {1}]", watcher, watchee);
        if (!Watching.TryGetValue(watchee, out var watchers))
            return;
        watchers.Remove(watcher);
        if (watchers.Count > 0)
            return;
        Context.Unwatch(watchee);
        RemoveWatchee(watchee);
    }

    protected void RemoveWatchee(IInternalActorRef watchee)
    {
        Watching.Remove(watchee);
        var node = watchee.Path.Address;
        if (!WatcheeByNodes.TryGetValue(node, out var watchees))
            return;
        watchees.Remove(watchee);
        if (watchees.Count == 0)
            UnwatchNode(node);
    }

    protected void UnwatchNode(Address watcheeAddress)
    {
        WatcheeByNodes.Remove(watcheeAddress);
        _uids.Remove(watcheeAddress);
        _failureDetector.Remove(watcheeAddress);
    }

    protected virtual void PublishAddressTerminated(Address address) =>
        ((ActorSystemImpl)Context.System).AddressTerminatedTopic.Publish(new AddressTerminated(address));

    protected virtual void Quarantine(Address address, int? addressUid) => _provider.Quarantine(address, addressUid);

    private void ReceiveHeartbeatRsp(int uid)
    {
        var from = Sender.Path.Address;
        if (!WatcheeByNodes.ContainsKey(from) || Unreachable.Contains(from))
            return;
        if (!_uids.TryGetValue(from, out var known) || known != uid)
            WatchAgain(from);
        _uids[from] = uid;
        _failureDetector.Heartbeat(from);
    }

    /// <summary>
    /// A new incarnation does not know who was watched in the old one: asked again, it says that they are dead.
    /// </summary>
    private void WatchAgain(Address node)
    {
        var self = (IInternalActorRef)Self;
        foreach (var watchee in InOrder(WatcheeByNodes[node]))
            watchee.SendSystemMessage(new Watch(watchee, self));
    }

    private void SendHeartbeats()
    {
        foreach (var node in InOrder(WatchingNodes))
        {
            if (Unreachable.Contains(node))
                continue;
            if (!_failureDetector.IsMonitoring(node))
            {
                Context.System.Scheduler.ScheduleTellOnce(
                    _heartbeatExpectedResponseAfter, Self, new ExpectedFirstHeartbeat(node), Self);
            }
            WatcherAt(node).Tell(Heartbeat.Instance, Self);
        }
    }

    private void TriggerFirstHeartbeat(Address node)
    {
        if (WatcheeByNodes.ContainsKey(node) && !Unreachable.Contains(node) && !_failureDetector.IsMonitoring(node))
            _failureDetector.Heartbeat(node);
    }

    private void ReapUnreachable()
    {
        foreach (var node in InOrder(WatchingNodes))
        {
            if (Unreachable.Contains(node) || _failureDetector.IsAvailable(node))
                continue;
            Log.Warning("Detected unreachable: [{0}]", node);
            Quarantine(node, _uids.TryGetValue(node, out var uid) ? uid : null);
            PublishAddressTerminated(node);
            Unreachable.Add(node);
        }
    }

    private void ProcessTerminated(Terminated terminated)
    {
        var died = (IInternalActorRef)terminated.ActorRef;
        Log.Debug("Watchee terminated: [{0}]", died.Path);
        foreach (var watchee in WatcheesOf(died))
            TellWatchers(watchee, terminated);
    }

    /// <summary>
    /// The watchers of a lost address hear of it by themselves; for them a notification would be the second.
    /// </summary>
    private void TellWatchers(IInternalActorRef watchee, Terminated terminated)
    {
        if (!terminated.AddressTerminated)
        {
            foreach (var watcher in InOrder(Watching[watchee]))
            {
                watcher.SendSystemMessage(
                    new DeathWatchNotification(terminated.ActorRef, terminated.ExistenceConfirmed, terminated.AddressTerminated));
            }
        }
        RemoveWatchee(watchee);
    }

    /// <summary>An actor may have been watched with its uid, and by path alone.</summary>
    private List<IInternalActorRef> WatcheesOf(IInternalActorRef died)
    {
        var found = new List<IInternalActorRef>(2);
        if (Watching.ContainsKey(died))
            found.Add(died);
        if (died.Path.Uid != 0 && _provider.ResolveActorRef(died.Path.WithUid(0)) is IInternalActorRef any
            && Watching.ContainsKey(any))
            found.Add(any);
        return found;
    }

    private IActorRef WatcherAt(Address node) => _provider.ResolveActorRef(node + Self.Path.ToStringWithoutAddress());

    private ICancelable Repeat(TimeSpan interval, object tick) =>
        Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, Self, tick, Self);

    /// <summary>Sets have no order of their own, and what is sent in which order must not depend on hashing.</summary>
    private static List<IInternalActorRef> InOrder(HashSet<IInternalActorRef> refs)
    {
        var list = refs.ToList();
        list.Sort();
        return list;
    }

    private static List<Address> InOrder(ICollection<Address> addresses)
    {
        var list = addresses.ToList();
        list.Sort(Address.Comparer);
        return list;
    }
}
