using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Event;

namespace Akka.Cluster.Daemons;

/// <summary>
/// Asks the members that this node watches for a sign of life, tells the failure detectors of the answers, and answers others.
/// <para>Owner: <see cref="Cluster"/>; path /system/cluster-heartbeat. Thread rule: an actor.</para>
/// <para>An answer counts only for the incarnation that it comes from: a successor at the same address does not keep the old one alive.</para>
/// </summary>
internal sealed class HeartbeatDaemon : UntypedActor, IWithTimers
{
    private sealed record FirstExpected(UniqueAddress Node) : INoSerializationVerificationNeeded;

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    private readonly Cluster _cluster;
    private readonly HeartbeatAnswer _answer;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private List<UniqueAddress> _watched = [];

    public HeartbeatDaemon(Cluster cluster)
    {
        _cluster = cluster;
        _answer = new HeartbeatAnswer(cluster.SelfUniqueAddress);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Heartbeat: Sender.Tell(_answer, Self); break;
            case HeartbeatAnswer answer: OnAnswer(answer.From); break;
            case Tick: SendAll(); break;
            case FirstExpected expected: OnFirstExpected(expected.Node); break;
            case StateChanged changed: OnState(changed.State); break;
            default: Unhandled(message); break;
        }
    }

    private void OnState(MembershipState state)
    {
        var watched = HeartbeatRing.Watched(state, _cluster.Settings.MonitoredByNrOfMembers);
        foreach (var node in _watched.Where(node => !watched.Contains(node)))
            _cluster.FailureDetector.Remove(node.Address);
        if (_watched.Count == 0 && watched.Count > 0)
            StartTicking();
        else if (watched.Count == 0)
            Timers.CancelAll();
        _watched = watched;
    }

    private void StartTicking()
    {
        var interval = _cluster.Settings.HeartbeatInterval;
        var first = _cluster.Settings.PeriodicTasksInitialDelay;
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, first > interval ? first : interval, interval);
    }

    private void SendAll()
    {
        foreach (var node in _watched)
        {
            if (!_cluster.FailureDetector.IsMonitoring(node.Address) && !Timers.IsTimerActive(node))
                Timers.StartSingleTimer(node, new FirstExpected(node), _cluster.Settings.HeartbeatExpectedResponseAfter);
            if (_cluster.Settings.VerboseHeartbeatLogging)
                _log.Debug("Cluster node [{0}]: heartbeat to {1}", _cluster.SelfAddress, node.Address);
            _cluster.PeerRef(node.Address, Self).Tell(Heartbeat.Instance, Self);
        }
    }

    private void OnAnswer(UniqueAddress from)
    {
        if (_watched.Contains(from) || (_cluster.Bugs & ClusterBugs.SuccessorAnswersForTheDead) != 0)
            _cluster.FailureDetector.Heartbeat(from.Address);
    }

    /// <summary>By now the first answer should have come: from here on silence counts.</summary>
    private void OnFirstExpected(UniqueAddress node)
    {
        if (_watched.Contains(node) && !_cluster.FailureDetector.IsMonitoring(node.Address))
            _cluster.FailureDetector.Heartbeat(node.Address);
    }
}
