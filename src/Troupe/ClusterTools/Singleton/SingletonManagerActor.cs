using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Runs the singleton as a child when its <see cref="SingletonHandOver"/> says so, and talks to the managers of the other members, which
/// have the same path.
/// <para>Its node's shutdown waits in the phase cluster-exiting until there is nothing left to hand over.</para>
/// </summary>
internal sealed class SingletonManagerActor : UntypedActor, IWithTimers
{
    private readonly Props _singletonProps;
    private readonly object _terminationMessage;
    private readonly ClusterSingletonManagerSettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SingletonHandOver _handOver;
    private readonly List<SingletonEffect> _effects = [];
    private readonly TaskCompletionSource<Done> _handedOver = ((ActorSystemImpl)Context.System).NewCompletion<Done>();
    private IActorRef? _singleton;
    private bool _exiting;

    public SingletonManagerActor(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
    {
        (_singletonProps, _terminationMessage, _settings) = (singletonProps, terminationMessage, settings);
        if (settings.Role is { } role && !_cluster.SelfRoles.Contains(role))
            _log.Debug("This member has not the role [{0}]: it never runs [{1}].", role, settings.SingletonName);
        var margin = settings.RemovalMargin > TimeSpan.Zero ? settings.RemovalMargin : _cluster.DowningProvider.DownRemovalMargin;
        _handOver = new SingletonHandOver(
            _cluster.SelfUniqueAddress, new SingletonMembers(settings.Role), margin, settings.RetriesUntilWarning, settings.Bugs);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var (self, handedOver) = (Self, _handedOver.Task);
        // Not before: a joining node hears of the members one by one, and would take itself for the oldest when it is the first of them.
        _cluster.RegisterOnMemberUp(() => self.Tell(SelfUp.Instance, ActorRefs.NoSender));
        CoordinatedShutdown.Get(Context.System).AddTask(
            CoordinatedShutdown.PhaseClusterExiting, $"singleton-exiting {Self.Path.ToStringWithoutAddress()}", () =>
            {
                self.Tell(SelfExiting.Instance, ActorRefs.NoSender);
                return handedOver;
            });
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _handedOver.TrySetResult(Done.Instance);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SelfUp: Subscribe(); break;
            case ClusterEvent.CurrentClusterState state: _handOver.OnSnapshot(state.Members, _effects); break;
            case ClusterEvent.MemberRemoved removed:
                _handOver.OnRemoved(removed.Member, removed.PreviousStatus, _effects);
                break;
            case ClusterEvent.IMemberEvent member: _handOver.OnMember(member.Member, _effects); break;
            case SingletonMessage says: _handOver.OnMessage(says, _effects); break;
            case Terminated ended when ended.ActorRef.Equals(_singleton): OnTerminated(); break;
            case RetryTick: _handOver.OnRetry(_effects); break;
            case MarginPassed passed: _handOver.OnMarginPassed(passed.Removed, _effects); break;
            case SelfExiting: _exiting = true; _handOver.OnSelfExiting(_effects); break;
            default: Unhandled(message); break;
        }
        foreach (var effect in _effects) Perform(effect);
        _effects.Clear();
        if (_exiting && _handOver.HasNothingToHandOver) _handedOver.TrySetResult(Done.Instance);
    }

    private void Subscribe() => _cluster.Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));

    private void OnTerminated()
    {
        if (_handOver.State == ClusterSingletonState.Oldest)
            _log.Warning("The singleton [{0}] has ended by itself; it runs again on the next member.", _singleton!.Path);
        _singleton = null;
        _handOver.OnSingletonTerminated(_effects);
    }

    private void Perform(SingletonEffect effect)
    {
        switch (effect)
        {
            case SingletonEffect.StartSingleton when _cluster.IsTerminated:
                Context.Stop(Self);
                break;
            case SingletonEffect.StartSingleton:
                _log.Info("Starting the singleton [{0}/{1}]", Self.Path.ToStringWithoutAddress(), _settings.SingletonName);
                _singleton = Context.Watch(Context.ActorOf(_singletonProps, _settings.SingletonName));
                break;
            case SingletonEffect.EndSingleton:
                _log.Info("Ending the singleton [{0}/{1}]", Self.Path.ToStringWithoutAddress(), _settings.SingletonName);
                _singleton?.Tell(_terminationMessage);
                break;
            case SingletonEffect.Send send:
                ManagerAt(send.Message.To).Tell(send.Message);
                break;
            case SingletonEffect.Retry { On: true }:
                Timers.StartPeriodicTimer(RetryTick.Instance, RetryTick.Instance, _settings.HandOverRetryInterval);
                break;
            case SingletonEffect.Retry:
                Timers.Cancel(RetryTick.Instance);
                break;
            case SingletonEffect.AwaitMargin margin:
                Timers.StartSingleTimer(margin.Removed, new MarginPassed(margin.Removed), _handOver.RemovalMargin);
                break;
            case SingletonEffect.Warn warning:
                _log.Warning("Singleton [{0}]: {1}", Self.Path.ToStringWithoutAddress(), warning.Text);
                break;
            case SingletonEffect.Finish:
                Context.Stop(Self);
                break;
            default:
                throw new InvalidOperationException($"An effect that nobody carries out: {effect}");
        }
    }

    /// <summary>By path alone, so that it outlives nobody; the message says whom it is for.</summary>
    private IActorRef ManagerAt(UniqueAddress node) =>
        ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(node.Address + Self.Path.ToStringWithoutAddress());

    private sealed record MarginPassed(UniqueAddress Removed);

    private sealed class RetryTick
    {
        public static readonly RetryTick Instance = new();
    }

    private sealed class SelfUp
    {
        public static readonly SelfUp Instance = new();
    }

    private sealed class SelfExiting
    {
        public static readonly SelfExiting Instance = new();
    }
}
