using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Event;
using Akka.Remote;
using Troupe.Platform;

namespace Akka.Cluster.Daemons;

/// <summary>
/// One node's part in the membership: it joins, spreads gossip, acts as leader when it is the one, and notes who falls silent. What
/// follows from a state is decided in <see cref="Membership"/>; here it is carried out.
/// <para>Owner: <see cref="Cluster"/>; path /system/cluster. Thread rule: an actor.</para>
/// Invariants:
/// <list type="number">
/// <item>What this node holds has been seen by it: its own id is in <see cref="Gossip.Seen"/>.</item>
/// <item>Every change is told to the publisher and the heartbeats, in order.</item>
/// <item>It never restarts: without its state this incarnation is no member any more, so the cluster ends here.</item>
/// </list>
/// </summary>
internal sealed partial class MembershipDaemon : UntypedActor, IWithTimers
{
    /// <summary>How many members are told at once of what cannot wait: that this node exits, or is down.</summary>
    private const int Heralds = 5;

    private readonly Cluster _cluster;
    private readonly ClusterSettings _settings;
    private readonly MembershipMinima _minima;
    private readonly IEntropy _entropy;
    private readonly IClock _clock;
    private readonly ILoggingAdapter _log;
    private MembershipState _state;
    private ImmutableHashSet<UniqueAddress> _confirmed = [];
    private TimeSpan? _notConvergedSince;
    private bool _isEnding;

    public MembershipDaemon(Cluster cluster)
    {
        _cluster = cluster;
        _settings = cluster.Settings;
        _minima = new MembershipMinima(_settings.MinNrOfMembers, _settings.MinNrOfMembersOfRole);
        var seams = ((ActorSystemImpl)cluster.System).Seams;
        (_entropy, _clock) = (seams.Entropy, seams.Clock);
        _log = Context.GetLogger();
        _state = new MembershipState(cluster.SelfUniqueAddress, Gossip.Empty);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private UniqueAddress Id => _state.Self;

    private bool IsMember => _state.SelfMember is not null;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));
        if (!_settings.SeedNodes.IsEmpty)
            SearchSeeds(_settings.SeedNodes);
    }

    protected override void PreRestart(Exception reason, object message)
    {
        _log.Error(reason, "The membership has failed; this node leaves the cluster without a word. Restart it. {0}", reason.Message);
        _cluster.Shutdown();
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterTick tick: OnTick(tick); break;
            case GossipStatus status: OnStatus(status); break;
            case GossipEnvelope envelope: OnGossip(envelope); break;
            case InitJoin: AnswerInitJoin(); break;
            case InitJoinAck ack: OnInitJoinAck(ack.Address); break;
            case InitJoinNack nack: OnInitJoinNack(nack.Address); break;
            case Join join: OnJoin(join); break;
            case Welcome welcome: OnWelcome(welcome); break;
            case JoinTo join: OnJoinTo(join.Address); break;
            case JoinSeeds join: OnJoinSeeds(join.Seeds); break;
            case LeaveMember leave: OnLeave(leave.Address); break;
            case DownMember down: OnDown(down.Address); break;
            case ExitingCompleted: OnExitingCompleted(); break;
            case ExitingConfirmed confirmed: OnExitingConfirmed(confirmed.Node); break;
            case QuarantinedEvent quarantined: OnQuarantined(new UniqueAddress(quarantined.Address, quarantined.Uid)); break;
            default: Unhandled(message); break;
        }
    }

    private void OnTick(ClusterTick tick)
    {
        switch (tick)
        {
            case ClusterTick.Gossip: GossipRound(); break;
            case ClusterTick.GossipFaster: SendRound(); break;
            case ClusterTick.Leader: LeaderRound(); break;
            case ClusterTick.Reap: ReapRound(); break;
            case ClusterTick.JoinRetry: RetryJoin(); break;
            case ClusterTick.SeedSearch: AskSeeds(); break;
            case ClusterTick.SeedSearchOver: OnSeedSearchOver(); break;
        }
    }

    private void OnLeave(Address address)
    {
        if (!IsMember)
        {
            StopJoining();
            return;
        }
        if (MemberAt(address) is not { Status: MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up } member)
            return;
        Info("{0} is leaving", address);
        Update(_state.Gossip.With(member.Copy(MemberStatus.Leaving)));
        SendRound();
    }

    private void OnDown(Address address)
    {
        if (MemberAt(address) is not { } member)
        {
            Info("{0} is not downed: it is no member", address);
            return;
        }
        if (member.Status == MemberStatus.Down)
            return;
        Info("{0} is downed", address);
        Update(_state.Gossip.With(member.Copy(MemberStatus.Down)));
        if (member.UniqueAddress != Id && _state.HasContact(member.UniqueAddress))
            SendGossip(member.UniqueAddress);
        SendRound();
    }

    /// <summary>Remoting will not speak with that incarnation again, whatever its heartbeats might say.</summary>
    private void OnQuarantined(UniqueAddress node)
    {
        if (node != Id && _state.Gossip.Has(node))
            Update(_state.Gossip.With(_state.Gossip.Reachability.Set(Id, node, Contact.Ended)));
    }

    private void OnExitingCompleted()
    {
        if (_state.SelfMember is { Status: MemberStatus.Exiting })
        {
            var confirmed = new ExitingConfirmed(Id);
            foreach (var node in FirstPeers(Heralds))
                Peer(node.Address).Tell(confirmed, Self);
        }
        _cluster.OnExitingDone();
    }

    private void OnExitingConfirmed(UniqueAddress node)
    {
        if (_state.Gossip.Find(node) is { Status: MemberStatus.Exiting or MemberStatus.Leaving })
            _confirmed = _confirmed.Add(node);
    }

    private void LeaderRound()
    {
        if (!IsMember || !_state.IsLeader)
        {
            _notConvergedSince = null;
            return;
        }
        var next = _state.Gossip;
        if (_state.IsConverged(_confirmed, _cluster.Bugs))
        {
            _notConvergedSince = null;
            next = LeaderActions.OnConvergence(_state, _minima, _confirmed, _clock.UtcNow, _cluster.Bugs);
        }
        else
        {
            _notConvergedSince ??= _clock.Monotonic;
            if (_settings.AllowWeaklyUpMembers && _clock.Monotonic - _notConvergedSince >= _settings.WeaklyUpAfter)
                next = LeaderActions.WeaklyUp(_state, _minima);
        }
        if (!ReferenceEquals(next, _state.Gossip))
            Update(next.Prune(_clock.UtcNow));
    }

    private void ReapRound()
    {
        if (!IsMember)
            return;
        var watched = HeartbeatRing.Watched(_state, _settings.MonitoredByNrOfMembers);
        var reachability = _state.Gossip.Reachability;
        foreach (var node in watched)
        {
            if (!_cluster.FailureDetector.IsMonitoring(node.Address))
                continue;
            var isThere = _cluster.FailureDetector.IsAvailable(node.Address);
            reachability = reachability.Set(Id, node, isThere ? null : Contact.Lost);
        }
        if (reachability.Observations.TryGetValue(Id, out var own))
        {
            // Whom this node does not watch any more it says nothing about.
            foreach (var (node, contact) in own.Subjects)
            {
                if (contact == Contact.Lost && !watched.Contains(node))
                    reachability = reachability.Set(Id, node, null);
            }
        }
        if (!ReferenceEquals(reachability, _state.Gossip.Reachability))
            Update(_state.Gossip.With(reachability));
    }

    /// <summary>The one place where the state changes.</summary>
    private void Update(Gossip next)
    {
        var before = _state;
        _state = before.With(next.Has(Id) ? next.SeenBy(Id) : next);
        _confirmed = _confirmed.Where(_state.Gossip.Has).ToImmutableHashSet();
        var changed = new StateChanged(_state);
        _cluster.Publisher.Tell(changed, Self);
        _cluster.Heartbeats.Tell(changed, Self);
        LogChanges(before);
        FollowOwnStatus(before);
    }

    private void FollowOwnStatus(MembershipState before)
    {
        if (before.SelfMember is null && _state.SelfMember is not null)
            StartRounds();
        if (_isEnding)
            return;
        switch (_state.SelfMember?.Status)
        {
            case MemberStatus.Exiting:
                _isEnding = true;
                TellHeralds();
                _cluster.OnSelfExiting();
                break;
            case MemberStatus.Down:
            case null when before.SelfMember is not null:
                _isEnding = true;
                TellHeralds();
                _log.Warning("{0} is downed or removed, and shuts down", Id.Address);
                _cluster.OnSelfDowned();
                break;
        }
    }

    private void StartRounds()
    {
        Timers.CancelAll();
        Every(ClusterTick.Gossip, _settings.GossipInterval);
        Every(ClusterTick.Leader, _settings.LeaderActionsInterval);
        Every(ClusterTick.Reap, _settings.UnreachableNodesReaperInterval);
    }

    private void Every(ClusterTick tick, TimeSpan interval)
    {
        var first = interval > _settings.PeriodicTasksInitialDelay ? interval : _settings.PeriodicTasksInitialDelay;
        Timers.StartPeriodicTimer(tick, tick, first, interval);
    }

    private void LogChanges(MembershipState before)
    {
        if (!_settings.LogInfo)
            return;
        foreach (var change in MembershipEvents.Between(before, _state))
            _log.Info("Cluster node [{0}]: {1}", Id.Address, change);
    }

    private void Info(string format, params object[] args)
    {
        if (_settings.LogInfo)
            _log.Info("Cluster node [" + Id.Address + "]: " + format, args);
    }

    private Member? MemberAt(Address address) => _state.Members.FirstOrDefault(member => member.Address.Equals(address));

    private IActorRef Peer(Address address) => _cluster.PeerRef(address, Self);
}
