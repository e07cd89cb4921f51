using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Daemons;
using Akka.Cluster.Membership;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;
using Akka.Util;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster;

/// <summary>
/// The cluster that an actor system is, or may become, a member of.
/// <para>Owner: the actor system, one each (an extension). Thread rule: any thread.</para>
/// Invariants:
/// <list type="number">
/// <item>What <see cref="State"/> tells is never older than the last event that a subscriber has been told.</item>
/// <item>Once <see cref="IsTerminated"/> this incarnation is never a member again.</item>
/// </list>
/// </summary>
public partial class Cluster : IExtension
{
    private readonly ActorSystemImpl _system;
    private readonly ILoggingAdapter _log;
    private readonly MembershipState _none;
    private volatile StateView _view;
    private volatile bool _isTerminated;

    internal Cluster(ActorSystemImpl system)
    {
        if (system.Provider is not IClusterActorRefProvider provider)
        {
            throw new ConfigurationException(
                $"ActorSystem [{system}] needs to have 'akka.actor.provider' set to 'cluster' in the configuration, but it uses "
                + $"[{system.Provider.GetType().FullName}]. No cluster was started.");
        }
        _system = system;
        _log = Logging.GetLogger(system, typeof(Cluster));
        Bugs = system.Settings.Setup.Get<ClusterBugsSetup>() is { HasValue: true } planted ? planted.Value.Bugs : ClusterBugs.None;
        Settings = new ClusterSettings(system.Settings.Config, system.Name);
        SelfUniqueAddress = new UniqueAddress(provider.Transport.DefaultAddress, AddressUidExtension.Uid(system));
        _none = new MembershipState(SelfUniqueAddress, Gossip.Empty);
        _view = new StateView(_none);
        _publisherStopped = system.NewCompletion();
        _leaving = system.NewCompletion();
        _exiting = system.NewCompletion();
        _exitingDone = system.NewCompletion();
        FailureDetector = new DefaultFailureDetectorRegistry<Address>(() => FailureDetectorLoader.Load(
            Settings.FailureDetectorImplementationClass, Settings.FailureDetectorConfig, system));
        DowningProvider = NewDowningProvider();
        Publisher = Start(Props.Create(() => new EventPublisher(this)), "cluster-events");
        Heartbeats = Start(Props.Create(() => new HeartbeatDaemon(this)), HeartbeatName);
        Daemon = Start(Props.Create(() => new MembershipDaemon(this)), DaemonName);
        if (DowningProvider.DowningActorProps is { } downing)
            _downing = Start(downing, "cluster-downing");
        AddShutdownTasks();
        system.RegisterOnTermination(() => Shutdown());
    }

    public ClusterSettings Settings { get; }

    public ExtendedActorSystem System => _system;

    public Address SelfAddress => SelfUniqueAddress.Address;

    public UniqueAddress SelfUniqueAddress { get; }

    public ImmutableHashSet<string> SelfRoles => Settings.Roles;

    public IDowningProvider DowningProvider { get; }

    public DefaultFailureDetectorRegistry<Address> FailureDetector { get; }

    /// <summary>This node as a member; with the status Removed before it has joined and after it has left.</summary>
    public Member SelfMember => _view.Membership.SelfMember
        ?? new Member(SelfUniqueAddress, Member.NotYetUp, MemberStatus.Removed, Settings.Roles, Settings.AppVersion);

    public CurrentClusterState State => _view.State;

    public bool IsUp => SelfMember.Status == MemberStatus.Up;

    public bool IsTerminated => _isTerminated;

    internal ClusterBugs Bugs { get; }

    internal IActorRef Daemon { get; }

    internal IActorRef Heartbeats { get; }

    internal IActorRef Publisher { get; }

    /// <exception cref="ConfigurationException">The system's provider is not `cluster`, or a setting is wrong.</exception>
    public static Cluster Get(ActorSystem system) => system.WithExtension<Cluster, ClusterExtension>();

    /// <summary>Tells the present state at once, and then each event of these types (or derived from them) as it happens.</summary>
    public void Subscribe(IActorRef subscriber, params Type[] to) =>
        Subscribe(subscriber, SubscriptionInitialStateMode.InitialStateAsSnapshot, to);

    public void Subscribe(IActorRef subscriber, SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (to is null or [])
            throw new ArgumentException("At least one `IClusterDomainEvent` class is required", nameof(to));
        if (Array.Find(to, type => !typeof(IClusterDomainEvent).IsAssignableFrom(type)) is { } stranger)
            throw new ArgumentException($"Subscribe to `IClusterDomainEvent` or subclasses, was [{stranger.Name}]", nameof(to));
        Publisher.Tell(new SubscribeTo(subscriber, initialStateMode, [.. to]), ActorRefs.NoSender);
    }

    public void Unsubscribe(IActorRef subscriber) => Publisher.Tell(new UnsubscribeFrom(subscriber, null), ActorRefs.NoSender);

    public void Unsubscribe(IActorRef subscriber, Type to) =>
        Publisher.Tell(new UnsubscribeFrom(subscriber, to), ActorRefs.NoSender);

    /// <summary>Sends it a <see cref="CurrentClusterState"/>.</summary>
    public void SendCurrentClusterState(IActorRef receiver) => Publisher.Tell(new SendState(receiver), ActorRefs.NoSender);

    /// <summary>
    /// Joins by the member at this address; with its own address this node forms a cluster by itself. Tried again until it succeeds or
    /// another join is asked for; a node that is a member already stays where it is.
    /// </summary>
    public void Join(Address address) => Daemon.Tell(new JoinTo(Local(address)), ActorRefs.NoSender);

    /// <summary>As <see cref="Join"/>; completes when this node is Up.</summary>
    /// <exception cref="ClusterJoinFailedException">This node shuts down before.</exception>
    public Task JoinAsync(Address address, CancellationToken token = default)
    {
        var up = WhenUp($"by {address}", token);
        Join(address);
        return up;
    }

    /// <summary>Joins by the first of these that is a member. The first one forms a cluster when no other answers.</summary>
    public void JoinSeedNodes(IEnumerable<Address> seedNodes) =>
        Daemon.Tell(new JoinSeeds([.. seedNodes.Select(Local)]), ActorRefs.NoSender);

    /// <summary>As <see cref="JoinSeedNodes"/>; completes when this node is Up.</summary>
    /// <exception cref="ClusterJoinFailedException">This node shuts down before.</exception>
    public Task JoinSeedNodesAsync(IEnumerable<Address> seedNodes, CancellationToken token = default)
    {
        var seeds = seedNodes.ToArray();
        var up = WhenUp($"by the seed nodes [{string.Join<Address>(", ", seeds)}]", token);
        JoinSeedNodes(seeds);
        return up;
    }

    /// <summary>Lets a member leave in order, wherever this is called; it shuts itself down when all have seen it.</summary>
    public void Leave(Address address)
    {
        if (Local(address).Equals(SelfAddress))
            _ = LeaveAsync();
        else
            Daemon.Tell(new LeaveMember(Local(address)), ActorRefs.NoSender);
    }

    /// <summary>Lets this node leave; completes when it has been removed.</summary>
    public Task LeaveAsync() => LeaveAsync(CancellationToken.None);

    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        var removed = _system.NewCompletion();
        RegisterOnMemberRemoved(() => removed.TrySetResult());
        Daemon.Tell(new LeaveMember(SelfAddress), ActorRefs.NoSender);
        return Cancelled(removed, cancellationToken);
    }

    /// <summary>Gives a member up: it is removed as soon as all others have seen it, and can only come back as a new incarnation.</summary>
    public void Down(Address address) => Daemon.Tell(new DownMember(Local(address)), ActorRefs.NoSender);

    /// <summary>Calls back once, when this node is Up; at once when it is.</summary>
    public void RegisterOnMemberUp(Action callback) => CallBack(MemberStatus.Up, callback);

    /// <summary>Calls back once, when this node has been removed or the cluster has shut down here; at once when it has.</summary>
    public void RegisterOnMemberRemoved(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (_isTerminated)
            callback();
        else
            CallBack(MemberStatus.Removed, callback);
    }

    /// <summary>The path by which other systems call this local actor; another system's actor keeps its own.</summary>
    public ActorPath RemotePathOf(IActorRef actorRef)
    {
        var path = actorRef.Path;
        return path.Address.HasGlobalScope ? path : ActorPath.Parse(path.ToStringWithAddress(SelfAddress));
    }

    public override string ToString() => $"Cluster({SelfAddress})";

    private void CallBack(MemberStatus status, Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _system.SystemActorOf(Props.Create(() => new StatusCallback(this, status, callback)).WithDeploy(Deploy.Local));
    }

    private Task WhenUp(string how, CancellationToken token)
    {
        var up = _system.NewCompletion();
        RegisterOnMemberUp(() => up.TrySetResult());
        RegisterOnMemberRemoved(() => up.TrySetException(new ClusterJoinFailedException(
            $"Node has not managed to join the cluster {how}: it was shut down before. Start the system anew to try again.")));
        return Cancelled(up, token);
    }

    private static Task Cancelled(TaskCompletionSource completion, CancellationToken token)
    {
        if (token.CanBeCanceled)
            token.Register(() => completion.TrySetCanceled(token));
        return completion.Task;
    }

    /// <summary>An address without host and port is this system's own.</summary>
    private Address Local(Address address) =>
        address.HasLocalScope && address.System == SelfAddress.System ? SelfAddress : address;

    private IActorRef Start(Props props, string name) =>
        _system.SystemActorOf(props.WithDispatcher(Settings.UseDispatcher).WithDeploy(Deploy.Local), name);

    private IDowningProvider NewDowningProvider()
    {
        const string setting = "akka.cluster.downing-provider-class";
        var type = Settings.DowningProviderType;
        return TypeResolver.Create(type, setting, [_system, this]) as IDowningProvider
            ?? throw new ConfigurationException($"{setting} names the type [{type}], which is no IDowningProvider.");
    }
}
