using Akka.Actor;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster.Daemons;

/// <summary>Calls back once when this node has become Up, or when it has been removed; then it stops.</summary>
internal sealed class StatusCallback : UntypedActor
{
    private readonly Cluster _cluster;
    private readonly MemberStatus _status;
    private Action? _callback;

    public StatusCallback(Cluster cluster, MemberStatus status, Action callback)
    {
        _cluster = cluster;
        _status = status;
        _callback = callback;
    }

    protected override void PreStart()
    {
        var type = _status == MemberStatus.Up ? typeof(MemberUp) : typeof(MemberRemoved);
        _cluster.Subscribe(Self, SubscriptionInitialStateMode.InitialStateAsEvents, type);
        if (_cluster.IsTerminated)
            Context.Stop(Self);
    }

    protected override void OnReceive(object message)
    {
        if (message is IMemberEvent happened && happened.Member.UniqueAddress.Equals(_cluster.SelfUniqueAddress))
        {
            Call();
            Context.Stop(Self);
        }
    }

    protected override void PostStop()
    {
        if (_status == MemberStatus.Removed)
            Call();
        _cluster.Unsubscribe(Self);
    }

    private void Call()
    {
        var callback = _callback;
        _callback = null;
        callback?.Invoke();
    }
}
