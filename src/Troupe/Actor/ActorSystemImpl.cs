using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Util;
using Troupe.Platform;

namespace Akka.Actor;

/// <summary>
/// The one implementation of ActorSystem. What it touches of the outside it takes from its <see cref="Seams"/>.
/// <para>Owner: whoever created it; it ends by Terminate. Thread rule: any thread.</para>
/// Start order: settings, event stream, scheduler, provider, dispatchers, serialization, guardians, loggers, extensions.
/// </summary>
internal sealed partial class ActorSystemImpl : ExtendedActorSystem
{
    private readonly TaskCompletionSource _terminated;
    private readonly Stack<Action> _onTermination = [];
    private readonly Lock _gate = new();
    private bool _terminating;
    private bool _finished;

    private ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        CheckName(name);
        Name = name;
        var bootstrap = setup.Get<BootstrapSetup>();
        var config = bootstrap.HasValue && bootstrap.Value.Config.HasValue
            ? bootstrap.Value.Config.Value
            : ConfigurationFactory.Load();
        Settings = new Settings(this, config, setup);
        Seams = setup.Get<SeamsSetup>() is { HasValue: true } given
            ? given.Value.Seams
            : new RealSeams(Settings.Config.GetTimeSpan("akka.scheduler.tick-duration"));
        try
        {
            _terminated = NewCompletion();
            EventStream = new EventStream(Settings.DebugEventStream) { Clock = Seams.Clock };
            EventStream.StartStdoutLogger(Settings);
            Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystemImpl), Settings.LogFormatter);
            Scheduler = NewScheduler();
            StartTime = Scheduler.MonotonicClock;
            AddressTerminatedTopic = new AddressTerminatedTopic();
            Provider = NewProvider();
            Mailboxes = new Mailboxes(this);
            Dispatchers = new Dispatchers(
                new DispatcherPrerequisites(EventStream, Scheduler, Settings, Mailboxes), Seams);
            Serialization = new Serialization.Serialization(this);
        }
        catch
        {
            Seams.Shutdown();
            throw;
        }
    }

    public override string Name { get; }

    public override Settings Settings { get; }

    public override EventStream EventStream { get; }

    public override ILoggingAdapter Log { get; }

    public override IScheduler Scheduler { get; }

    public override IActorRefProvider Provider { get; }

    public override Dispatchers Dispatchers { get; }

    public override Mailboxes Mailboxes { get; }

    public override Serialization.Serialization Serialization { get; }

    public override IActorRef DeadLetters => Provider.DeadLetters;

    public override IActorRef IgnoreRef => Provider.IgnoreRef;

    public override IInternalActorRef Guardian => Provider.Guardian;

    public override IInternalActorRef LookupRoot => Provider.RootGuardian;

    public override IInternalActorRef SystemGuardian => Provider.SystemGuardian;

    public override Task WhenTerminated => _terminated.Task;

    internal Seams Seams { get; }

    internal AddressTerminatedTopic AddressTerminatedTopic { get; }

    /// <summary>False while no reference can lead to another system.</summary>
    internal bool HasRemoteActors => Provider is not LocalActorRefProvider;

    /// <summary>Is it on its way down, or gone?</summary>
    internal bool IsTerminating => Volatile.Read(ref _terminating);

    public static ActorSystemImpl Start(string name, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, setup);
        try
        {
            system.StartActors();
            return system;
        }
        catch
        {
            system.Seams.Shutdown();
            throw;
        }
    }

    public override IActorRef ActorOf(Props props, string? name = null) =>
        Provider.Guardian.Cell.AttachChild(props, name, systemService: false);

    public override IActorRef SystemActorOf(Props props, string? name = null) =>
        Provider.SystemGuardian.Cell.AttachChild(props, name, systemService: true);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, this);

    public override ActorSelection ActorSelection(string actorPath) =>
        ActorRefFactoryShared.ActorSelection(actorPath, this, LookupRoot);

    public override void Stop(IActorRef actor)
    {
        var parent = actor.Path.Parent;
        if (parent == Guardian.Path) Guardian.Tell(new StopChild(actor), ActorRefs.NoSender);
        else if (parent == SystemGuardian.Path) SystemGuardian.Tell(new StopChild(actor), ActorRefs.NoSender);
        else ((IInternalActorRef)actor).Stop();
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_gate)
        {
            if (_finished)
                throw new InvalidOperationException(
                    $"The actor system [{Name}] has terminated; nothing can be registered with it.");
            _onTermination.Push(code);
        }
    }

    public override Task Terminate()
    {
        if (BeforeTerminate is not { } first || Volatile.Read(ref _terminating)) return FinalTerminate();
        _ = first();
        return WhenTerminated; // the phases may have timed out long before the actors have stopped
    }

    public override string PrintTree()
    {
        var text = new System.Text.StringBuilder();
        Print(Provider.RootGuardian, 0);
        return text.ToString();

        void Print(IActorRef actor, int depth)
        {
            text.Append(' ', depth * 2).Append(depth == 0 ? "/" : actor.Path.Name).Append('\n');
            if (actor is not LocalActorRef local) return;
            foreach (var child in local.Children) Print(child, depth + 1);
        }
    }

    public override string ToString() => LookupRoot.Path.Root.Address.ToString();

    /// <summary>
    /// What Terminate does first, where a coordinated shutdown runs by it; it ends with <see cref="FinalTerminate"/>.
    /// </summary>
    internal Func<Task>? BeforeTerminate { get; set; }

    /// <summary>Stops the guardians now.</summary>
    internal Task FinalTerminate()
    {
        Volatile.Write(ref _terminating, true);
        Provider.Guardian.Stop();
        return WhenTerminated;
    }

    /// <summary>A completion whose continuations run where the seams want them.</summary>
    internal TaskCompletionSource<T> NewCompletion<T>() => new(ContinuationOptions);

    internal TaskCompletionSource NewCompletion() => new(ContinuationOptions);

    /// <summary>A uid for one incarnation of an actor, never 0.</summary>
    internal long NewUid()
    {
        long uid;
        do uid = Seams.Entropy.NextInt64() & 0x7FFF_FFFF;
        while (uid == ActorPath.UndefinedUid);
        return uid;
    }

    internal void DeadLetter(object message, IActorRef? sender, IActorRef recipient)
    {
        if (message is ScheduledTimer) return; // a timer of an actor that has stopped
        DeadLetters.Tell(message as DeadLetter ?? new DeadLetter(message, sender ?? DeadLetters, recipient), sender);
    }

    /// <summary>Where one thread runs everything, waiting would be for ever.</summary>
    private protected override void AwaitEnd(Task termination)
    {
        if (ActorCell.Current is null && !Seams.RunsContinuationsInline) termination.Wait();
    }

    private TaskCreationOptions ContinuationOptions =>
        Seams.RunsContinuationsInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var valid = name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]);
        foreach (var c in name) valid = valid && (char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        if (!valid)
            throw new ArgumentException(
                $"Invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-' "
                + "or '_')",
                nameof(name));
    }

    private void StartActors()
    {
        Provider.Init(this);
        Provider.TerminationTask.ContinueWith(static (_, system) => ((ActorSystemImpl)system!).Finish(), this,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        EventStream.StartUnsubscriber(this);
        EventStream.StartDefaultLoggers(this);
        DeadLetterListener.Start(this);
        UnhandledMessageListener.Start(this);
        CoordinatedShutdown.Get(this);
        LoadExtensions();
        if (Settings.LogConfigOnStart) Log.Info(Settings.ToString());
    }

    private IScheduler NewScheduler()
    {
        const string setting = "akka.scheduler.implementation";
        var config = Settings.Config;
        var type = TypeResolver.Resolve(Settings.SchedulerClass, setting);
        if (type == typeof(TimersScheduler)) return new TimersScheduler(config, Log, Seams);
        return TypeResolver.Create(type, setting, [config, Log], [config, Log, Seams]) as IScheduler
            ?? throw new ConfigurationException($"{setting} names the type [{type}], which is no IScheduler.");
    }

    private IActorRefProvider NewProvider()
    {
        const string setting = "akka.actor.provider";
        var type = TypeResolver.Resolve(Settings.ProviderClass, setting);
        return TypeResolver.Create(type, setting, [Name, Settings, EventStream],
            [Name, Settings, EventStream, this]) as IActorRefProvider
            ?? throw new ConfigurationException($"{setting} names the type [{type}], which is no IActorRefProvider.");
    }

    private void Finish()
    {
        Volatile.Write(ref _terminating, true);
        while (TakeOnTermination() is { } code)
        {
            try
            {
                code();
            }
            catch (Exception e)
            {
                EventStream.Publish(new Error(e, Name, typeof(ActorSystemImpl),
                    "A callback of RegisterOnTermination failed: " + e.Message));
            }
        }

        (Scheduler as IDisposable)?.Dispose();
        Seams.Shutdown();
        _terminated.TrySetResult();
    }

    private Action? TakeOnTermination()
    {
        lock (_gate)
        {
            if (_onTermination.TryPop(out var code)) return code;
            _finished = true;
            return null;
        }
    }
}
