using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Daemons;
using Akka.Cluster.Membership;
using Akka.Event;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster;

/// <summary>What the cluster's own actors tell the extension, and the end of it.</summary>
public partial class Cluster
{
    private const string DaemonName = "cluster";
    private const string HeartbeatName = "cluster-heartbeat";

    private readonly TaskCompletionSource _leaving;
    private readonly TaskCompletionSource _exiting;
    private readonly TaskCompletionSource _exitingDone;
    private readonly TaskCompletionSource _publisherStopped;
    private readonly IActorRef? _downing;
    private int _shutdown;

    /// <summary>The actor of the same path as <paramref name="own"/> on another node, whichever incarnation is there.</summary>
    internal IActorRef PeerRef(Address address, IActorRef own) =>
        _system.Provider.ResolveActorRef(own.Path.WithUid(0).ToStringWithAddress(address));

    /// <summary>From the publisher, before it tells the events that led to this state.</summary>
    internal void OnState(MembershipState state)
    {
        if (_isTerminated)
            return;
        _view = new StateView(state);
        if (state.SelfMember is { Status: MemberStatus.Leaving or MemberStatus.Exiting or MemberStatus.Down })
            _leaving.TrySetResult();
    }

    internal void OnSelfExiting()
    {
        _exiting.TrySetResult();
        _ = CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
    }

    internal void OnSelfDowned()
    {
        _leaving.TrySetResult();
        _exiting.TrySetResult();
        _exitingDone.TrySetResult();
        if (Settings.RunCoordinatedShutdownWhenDown)
            _ = CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
        else
            Shutdown();
    }

    internal void OnJoinUnsuccessful()
    {
        _log.Error("No seed node has let this node in within akka.cluster.shutdown-after-unsuccessful-join-seed-nodes = {0}: it "
            + "shuts down. Check that the seed nodes run and can be reached.", Settings.ShutdownAfterUnsuccessfulJoinSeedNodes);
        _ = CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterJoinUnsuccessfulReason.Instance);
    }

    internal void OnExitingDone() => _exitingDone.TrySetResult();

    internal void OnEnded()
    {
        _isTerminated = true;
        _view = new StateView(_none);
    }

    internal void OnPublisherStopped() => _publisherStopped.TrySetResult();

    /// <summary>This node stops being a member at once, without a word to the others. Completes when all have been told here.</summary>
    internal Task Shutdown()
    {
        if (Interlocked.Exchange(ref _shutdown, 1) == 0)
        {
            _isTerminated = true;
            _leaving.TrySetResult();
            _exiting.TrySetResult();
            _exitingDone.TrySetResult();
            if (_downing is not null)
                _system.Stop(_downing);
            _system.Stop(Daemon);
            _system.Stop(Heartbeats);
            _system.Stop(Publisher);
        }
        return _publisherStopped.Task;
    }

    private void AddShutdownTasks()
    {
        var shutdown = CoordinatedShutdown.Get(_system);
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave", () =>
        {
            if (_isTerminated || SelfMember.Status == MemberStatus.Removed)
                return Task.FromResult(Done.Instance);
            Daemon.Tell(new LeaveMember(SelfAddress), ActorRefs.NoSender);
            return DoneAfter(_leaving.Task);
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExiting, "wait-exiting", () =>
            _isTerminated || SelfMember.Status == MemberStatus.Removed
                ? Task.FromResult(Done.Instance)
                : DoneAfter(_exiting.Task));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "exiting-completed", () =>
        {
            if (_isTerminated || SelfMember.Status == MemberStatus.Removed)
                return Task.FromResult(Done.Instance);
            Daemon.Tell(ExitingCompleted.Instance, ActorRefs.NoSender);
            return DoneAfter(_exitingDone.Task);
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShutdown, "shutdown", () => DoneAfter(Shutdown()));
    }

    private static Task<Done> DoneAfter(Task task) => task.ContinueWith(
        static _ => Done.Instance, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>A state, and what applications are shown of it; made when first asked for.</summary>
    private sealed class StateView(MembershipState membership)
    {
        private CurrentClusterState? _state;

        public MembershipState Membership => membership;

        public CurrentClusterState State => _state ??= new CurrentClusterState(
            [.. membership.Members],
            [.. membership.Members.Where(member => !membership.IsReachable(member.UniqueAddress))],
            [.. membership.Gossip.Seen.Select(node => node.Address)],
            membership.Leader?.Address,
            membership.Members.SelectMany(member => member.Roles).Distinct()
                .Select(role => (Role: role, Leader: membership.RoleLeader(role)))
                .Where(entry => entry.Leader is not null)
                .ToImmutableDictionary(entry => entry.Role, entry => entry.Leader!.Address));
    }
}
