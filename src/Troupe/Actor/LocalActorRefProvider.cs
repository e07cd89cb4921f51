using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Routing;
using Akka.Serialization;

namespace Akka.Actor;

/// <summary>
/// The references of one process: the tree below the root guardian, /temp and the dead letters.
/// <para>Owner: the ActorSystem, or the remote provider around it. Safe from any thread after <see cref="Init"/>.</para>
/// </summary>
internal sealed class LocalActorRefProvider : IActorRefProvider
{
    private readonly EventStream _eventStream;
    private readonly ActorPath _tempNode;
    private readonly Func<ActorPath, IInternalActorRef>? _deadLettersFactory;
    private readonly Dictionary<string, IInternalActorRef> _extraNames = new(StringComparer.Ordinal);
    private ActorSystemImpl _system = null!;
    private RootGuardianActorRef _rootGuardian = null!;
    private VirtualPathContainer _temp = null!;
    private TaskCompletionSource _terminated = null!;
    private long _tempNames;

    public LocalActorRefProvider(string systemName, Settings settings, EventStream eventStream)
        : this(systemName, settings, eventStream, null, null)
    {
    }

    public LocalActorRefProvider(string systemName, Settings settings, EventStream eventStream, Deployer? deployer,
        Func<ActorPath, IInternalActorRef>? deadLettersFactory)
    {
        Settings = settings;
        _eventStream = eventStream;
        _deadLettersFactory = deadLettersFactory;
        Deployer = deployer ?? new Deployer(settings);
        RootPath = new RootActorPath(new Address("akka", systemName));
        _tempNode = RootPath / "temp";
        DeadLetters = _deadLettersFactory?.Invoke(RootPath / "deadLetters")
            ?? new DeadLetterActorRef(this, RootPath / "deadLetters", eventStream);
        IgnoreRef = new IgnoreActorRef(this);
    }

    public IInternalActorRef RootGuardian => _rootGuardian;

    public LocalActorRef Guardian { get; private set; } = null!;

    public LocalActorRef SystemGuardian { get; private set; } = null!;

    public IActorRef DeadLetters { get; }

    public IActorRef IgnoreRef { get; }

    public ActorPath RootPath { get; }

    public Settings Settings { get; }

    public Deployer Deployer { get; }

    public IInternalActorRef TempContainer => _temp;

    public Task TerminationTask => _terminated.Task;

    public Address DefaultAddress => RootPath.Address;

    public Information SerializationInformation => new(DefaultAddress, _system);

    void IActorRefProvider.Init(ActorSystemImpl system) => Init(system, this);

    /// <summary>As part of another provider, which the references then name as theirs.</summary>
    internal void Init(ActorSystemImpl system, IActorRefProvider provider)
    {
        _system = system;
        _terminated = system.NewCompletion();
        var dispatcher = system.Dispatchers.Lookup(Dispatchers.InternalDispatcherId);
        var mailbox = new UnboundedMailbox();
        var supervisor = new RootGuardianSupervisor((RootActorPath)RootPath, provider, _terminated, system);
        _temp = new VirtualPathContainer(provider, _tempNode, supervisor);
        _rootGuardian = new RootGuardianActorRef(system, Props.Create<RootGuardianActor>(), dispatcher, mailbox, supervisor,
            RootPath,
            (IInternalActorRef)DeadLetters, _temp, _extraNames);
        Guardian = NewGuardian(Props.Create(() => new GuardianActor(GuardianStrategy())), "user", mailbox);
        SystemGuardian = NewGuardian(Props.Create(() => new SystemGuardianActor(Guardian)), "system", mailbox);
        _rootGuardian.Start();
        Guardian.Start();
        SystemGuardian.Start();
        SystemGuardian.SendSystemMessage(new Watch(Guardian, SystemGuardian));
        _rootGuardian.SendSystemMessage(new Watch(SystemGuardian, _rootGuardian));

        LocalActorRef NewGuardian(Props props, string name, MailboxType type)
        {
            var stats = _rootGuardian.Cell.Children.Reserve(name, _rootGuardian);
            var guardian = new LocalActorRef(system, props, dispatcher, type, _rootGuardian, RootPath / name);
            _rootGuardian.Cell.Children.Fill(stats, guardian, system.Seams.Clock);
            return guardian;
        }
    }

    public void RegisterExtraName(string name, IInternalActorRef actor) => _extraNames.Add(name, actor);

    public IActorRef RootGuardianAt(Address address) => address == RootPath.Address ? _rootGuardian : DeadLetters;

    public ActorPath TempPath() =>
        new ChildActorPath(_tempNode, "$" + NameCounter.Encode(Interlocked.Increment(ref _tempNames) - 1),
            ActorPath.UndefinedUid);

    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) => _temp.Add(path.Name, actorRef);

    public void UnregisterTempActor(ActorPath path) => _temp.Remove(path.Name);

    public IActorRef ResolveActorRef(string path) =>
        ActorPath.TryParse(path, out var parsed) ? ResolveActorRef(parsed!) : DeadLetters;

    public IActorRef ResolveActorRef(ActorPath actorPath)
    {
        if (actorPath.Address != RootPath.Address) return DeadLetters;
        if (actorPath.Depth == 0) return _rootGuardian;
        var found = _rootGuardian.GetChild(actorPath.Elements);
        return found.IsNobody() || (actorPath.Uid != ActorPath.UndefinedUid && found.Path.Uid != actorPath.Uid)
            ? new EmptyLocalActorRef(_system.Provider, actorPath, _eventStream)
            : found;
    }

    public Address? GetExternalAddressFor(Address address) => address == RootPath.Address ? address : null;

    FutureActorRef<T> IActorRefProvider.CreateFutureRef<T>(TaskCompletionSource<T> tcs) => new(tcs, _system.Provider);

    IInternalActorRef IActorRefProvider.ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        bool systemService, Deploy? deploy, bool lookupDeploy) => ActorOf(system, props, supervisor, path, deploy, lookupDeploy);

    internal IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        Deploy? deploy, bool lookupDeploy)
    {
        var deployment = deploy ?? (lookupDeploy ? Deployer.Lookup(path) : null);
        if (deployment is not null) props = props.Deployed(Effective(deployment, props.Deploy));
        if (props.Deploy.Scope is RemoteScope remote && remote.Address != RootPath.Address)
            throw new ConfigurationException(
                $"{path} was not started: it is deployed to {remote.Address}, and actors run only where they are started.");
        if (props.RouterConfig is not NoRouter) return RouterDeployment.ActorOf(system, props, supervisor, path);
        var (dispatcher, mailbox) = Place(system, props, path);
        return new LocalActorRef(system, props, dispatcher, mailbox, supervisor, path);
    }

    /// <summary>The dispatcher and mailbox that Props ask for.</summary>
    internal static (MessageDispatcher Dispatcher, MailboxType Mailbox) Place(ActorSystemImpl system, Props props, ActorPath path)
    {
        var id = props.Dispatcher;
        try
        {
            var dispatcher = ReferenceEquals(id, Dispatchers.DefaultDispatcherId)
                ? system.Dispatchers.DefaultGlobalDispatcher
                : system.Dispatchers.Lookup(id);
            return (dispatcher, system.Mailboxes.For(props, id));
        }
        catch (Exception e) when (e is ConfigurationException or ArgumentException)
        {
            throw new ConfigurationException(
                $"Configuration problem while creating {path} with dispatcher [{id}] and mailbox [{props.Mailbox}]: " + e.Message, e);
        }
    }

    /// <summary>The settings go before the code, but for the router, which only replaces another router.</summary>
    private static Deploy Effective(Deploy settings, Deploy code) =>
        code.RouterConfig is NoRouter ? settings.WithRouterConfig(NoRouter.Instance).WithFallback(code)
            : settings.WithFallback(code);

    private SupervisorStrategy GuardianStrategy() =>
        SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create();
}
