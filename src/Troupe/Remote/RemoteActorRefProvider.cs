using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Associations;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>
/// Gives a local system's references an outside: local actors as ever, other systems' actors as <see cref="RemoteActorRef"/>s.
/// <para>Owner: the actor system. Thread rule: any thread after Init.</para>
/// Actors are not created on other systems: start them there and address them by path.
/// </summary>
public class RemoteActorRefProvider : IRemoteActorRefProvider
{
    private readonly LocalActorRefProvider _local;
    private readonly RemoteRefCache _cache = new();
    private Remoting? _remoting;
    private Information? _information;
    private IActorRef? _watcher;
    private Task _terminated = Task.CompletedTask;

    public RemoteActorRefProvider(string systemName, Settings settings, EventStream eventStream)
    {
        RemoteSettings = new RemoteSettings(settings.Config);
        _local = new LocalActorRefProvider(systemName, settings, eventStream);
    }

    public RemoteSettings RemoteSettings { get; }

    public RemoteTransport Transport => Remoting;

    public IActorRef RemoteWatcher => _watcher
        ?? throw new InvalidOperationException("The provider has not been initialized yet.");

    public IActorRef DeadLetters => _local.DeadLetters;

    public IActorRef IgnoreRef => _local.IgnoreRef;

    public Deployer Deployer => _local.Deployer;

    public IInternalActorRef RootGuardian => _local.RootGuardian;

    public ActorPath RootPath => _local.RootPath;

    public Settings Settings => _local.Settings;

    public LocalActorRef Guardian => _local.Guardian;

    public LocalActorRef SystemGuardian => _local.SystemGuardian;

    public IInternalActorRef TempContainer => _local.TempContainer;

    /// <summary>Completes when all actors have stopped and then remoting has.</summary>
    public Task TerminationTask => _terminated;

    public Address DefaultAddress => Remoting.DefaultAddress;

    public Information SerializationInformation => _information ??= new Information(DefaultAddress, Remoting.System);

    private Remoting Remoting => _remoting ?? throw new InvalidOperationException("The provider has not been initialized yet.");

    void IActorRefProvider.Init(ActorSystemImpl system)
    {
        _local.Init(system, this);
        var remoting = new Remoting(system, this);
        _remoting = remoting;
        remoting.Start();
        _watcher = CreateRemoteWatcher(system);
        _terminated = _local.TerminationTask.ContinueWith(
            static (_, remoting) => ((Remoting)remoting!).Shutdown(), remoting, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Unwrap();
        OnInitialized(system);
    }

    public ActorPath TempPath() => _local.TempPath();

    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) => _local.RegisterTempActor(actorRef, path);

    public void UnregisterTempActor(ActorPath path) => _local.UnregisterTempActor(path);

    FutureActorRef<T> IActorRefProvider.CreateFutureRef<T>(TaskCompletionSource<T> tcs) =>
        ((IActorRefProvider)_local).CreateFutureRef(tcs);

    IInternalActorRef IActorRefProvider.ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        bool systemService, Deploy? deploy, bool lookupDeploy) =>
            _local.ActorOf(system, props, supervisor, path, deploy, lookupDeploy);

    public IActorRef RootGuardianAt(Address address) =>
        HasAddress(address) ? RootGuardian : RemoteRef(new RootActorPath(address));

    public IActorRef ResolveActorRef(string path)
    {
        if (_cache.Find(path) is { } known)
            return known;
        if (!ActorPath.TryParse(path, out var parsed))
        {
            Remoting.Log.Debug("Resolve of unknown path [{0}] failed", path);
            return DeadLetters;
        }
        var resolved = ResolveActorRef(parsed!);
        if (resolved is RemoteActorRef remote)
            _cache.Add(path, remote);
        return resolved;
    }

    public IActorRef ResolveActorRef(ActorPath actorPath) =>
        HasAddress(actorPath.Address) ? ResolveLocal(actorPath) : RemoteRef(actorPath);

    public IActorRef InternalResolveActorRef(string path) => ResolveActorRef(path);

    public IInternalActorRef ResolveActorRefWithLocalAddress(string path, Address localAddress) =>
        (IInternalActorRef)ResolveActorRef(path);

    public Address? GetExternalAddressFor(Address address)
    {
        if (HasAddress(address))
            return _local.RootPath.Address;
        return address.Protocol == DefaultAddress.Protocol && address.HasGlobalScope ? DefaultAddress : null;
    }

    public bool HasAddress(Address address) => address.Equals(_local.RootPath.Address) || address.Equals(DefaultAddress);

    public void Quarantine(Address address, int? uid) => Remoting.Quarantine(address, uid);

    /// <summary>
    /// The watcher of actors on other systems. A provider of clusters makes one that leaves members to the cluster.
    /// </summary>
    private protected virtual IActorRef CreateRemoteWatcher(ActorSystemImpl system) =>
        system.SystemActorOf(
            RemoteSettings.ConfigureDispatcher(Akka.Remote.RemoteWatcher.Props(
                CreateFailureDetectors(system), RemoteSettings.WatchHeartBeatInterval,
                RemoteSettings.WatchUnreachableReaperInterval, RemoteSettings.WatchHeartbeatExpectedResponseAfter)),
            "remote-watcher");

    /// <summary>The system listens, and its guardians run.</summary>
    private protected virtual void OnInitialized(ActorSystemImpl system)
    {
    }

    internal DefaultFailureDetectorRegistry<Address> CreateFailureDetectors(ActorSystemImpl system) => new(
        () => FailureDetectorLoader.Load(
            RemoteSettings.WatchFailureDetectorImplementationClass, RemoteSettings.WatchFailureDetectorConfig, system));

    internal RemoteActorRef RemoteRef(ActorPath path) =>
        new(Remoting, DefaultAddress, path, Nobody.Instance, Props.Empty, Deploy.Local);

    /// <summary>Stands for an actor that is not here (any more): what it is told are dead letters.</summary>
    internal EmptyLocalActorRef DeadRef(ActorPath path) => new(this, path, Remoting.System.EventStream);

    /// <summary>The living actor, or a stand-in for dead letters; a uid must fit.</summary>
    internal IInternalActorRef ResolveLocal(ActorPath path)
    {
        if (path.Depth == 0)
            return RootGuardian;
        var found = RootGuardian.GetChild(path.Elements);
        return found.IsNobody() || (path.Uid != ActorPath.UndefinedUid && found.Path.Uid != path.Uid)
            ? DeadRef(path)
            : (IInternalActorRef)found;
    }
}
