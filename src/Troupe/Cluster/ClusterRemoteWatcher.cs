using Akka.Actor;
using Akka.Remote;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster;

/// <summary>
/// Watches actors of members without heartbeats of its own: a member's actors are dead when the member has been removed, and not
/// before, however long it is unreachable. Systems that are no members are watched as ever.
/// <para>Owner: the provider. Thread rule: an actor.</para>
/// </summary>
internal sealed class ClusterRemoteWatcher(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
    TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter)
    : RemoteWatcher(failureDetector, heartbeatInterval, unreachableReaperInterval, heartbeatExpectedResponseAfter)
{
    private readonly Dictionary<Address, UniqueAddress> _members = [];
    private Cluster? _cluster;

    public static new Props Props(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
        TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter) =>
        Actor.Props.Create(() => new ClusterRemoteWatcher(
            failureDetector, heartbeatInterval, unreachableReaperInterval, heartbeatExpectedResponseAfter))
            .WithDeploy(Deploy.Local);

    protected override void PreStart()
    {
        base.PreStart();
        _cluster = Cluster.Get(Context.System);
        _cluster.Subscribe(Self, SubscriptionInitialStateMode.InitialStateAsEvents, typeof(IMemberEvent));
    }

    protected override void PostStop()
    {
        base.PostStop();
        _cluster?.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case MemberRemoved removed: OnRemoved(removed); break;
            case IMemberEvent happened: OnMember(happened.Member.UniqueAddress); break;
            default: base.OnReceive(message); break;
        }
    }

    protected override void WatchNode(IInternalActorRef watchee)
    {
        if (!_members.ContainsKey(watchee.Path.Address))
            base.WatchNode(watchee);
    }

    /// <summary>From now on the cluster watches it.</summary>
    private void OnMember(UniqueAddress node)
    {
        if (node.Address.Equals(_cluster!.SelfAddress))
            return;
        _members[node.Address] = node;
        if (WatcheeByNodes.ContainsKey(node.Address))
            UnwatchNode(node.Address);
    }

    private void OnRemoved(MemberRemoved removed)
    {
        var node = removed.Member.UniqueAddress;
        if (node.Address.Equals(_cluster!.SelfAddress))
            return;
        if (_members.TryGetValue(node.Address, out var known) && known == node)
            _members.Remove(node.Address);
        // Who was downed may still be alive somewhere: nothing of it must come through any more.
        if (removed.PreviousStatus == MemberStatus.Down)
            Quarantine(node.Address, node.Uid);
        PublishAddressTerminated(node.Address);
    }
}
