using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// Everything the runtime knows of one actor: its mailbox, children, behaviours, watches and faults.
/// <para>Owner: its <see cref="LocalActorRef"/>; it lives from Init until it has stopped, over all restarts.</para>
/// <para>Thread rule: sending from any thread; all else only inside the run of its mailbox. Children may be added from any
/// thread (the guardians) and looked up from any thread.</para>
/// Invariants:
/// <list type="number">
/// <item>One thread at a time runs it, and <see cref="Current"/> on that thread is this cell.</item>
/// <item>It handles user messages only while no fault, suspension or asynchronous handler is outstanding.</item>
/// <item>PostStop, the notice to the parent and those to the watchers come in this order, once, after all children are
/// gone.</item>
/// <item>Children, watchers and watched actors are visited in the order in which they came.</item>
/// </list>
/// </summary>
internal partial class ActorCell : IUntypedActorContext
{
    [ThreadStatic]
    private static ActorCell? t_current;

    private readonly IInternalActorRef _self;
    private readonly bool _serializeMessages;
    private Mailbox _mailbox = null!;
    private ActorBase? _actor;
    private bool _constructing;

    public ActorCell(ActorSystemImpl system, IInternalActorRef self, Props props, MessageDispatcher dispatcher,
        IInternalActorRef parent)
    {
        SystemImpl = system;
        _self = self;
        Props = props;
        Dispatcher = dispatcher;
        Parent = parent;
        _serializeMessages = system.Settings.SerializeAllMessages;
    }

    /// <summary>The cell that this thread is running, if any.</summary>
    public static ActorCell? Current
    {
        get => t_current;
        set => t_current = value;
    }

    public ActorSystemImpl SystemImpl { get; }

    public ActorSystem System => SystemImpl;

    public IActorRef Self => _self;

    public Props Props { get; protected set; }

    public MessageDispatcher Dispatcher { get; }

    public IInternalActorRef Parent { get; }

    IActorRef IActorContext.Parent => Parent;

    public Mailbox Mailbox => _mailbox;

    public ActorBase? Actor => _actor;

    public bool IsCreated { get; private set; }

    public bool IsTerminated => _mailbox.IsClosed;

    public int NumberOfMessages => _mailbox.MessageQueue.Count;

    public static ActorCell Require(string what) =>
        Current ?? throw new NotSupportedException(
            $"There is no active actor context for {what}: it can only be used inside an actor while it handles a message, "
            + "not from a continuation that left the actor. Capture what you need beforehand, or use PipeTo or ReceiveAsync.");

    /// <summary>Gives the cell its mailbox. It runs nothing before <see cref="Start"/>.</summary>
    public void Init(MailboxType mailboxType)
    {
        _mailbox = new Mailbox(mailboxType.Create(_self, SystemImpl));
        _mailbox.SetActor(this);
    }

    public void Start() => Dispatcher.Register(_mailbox);

    public void Suspend() => SendSystemMessage(new Suspend());

    public void Resume(Exception? causedByFailure) => SendSystemMessage(new Resume(causedByFailure));

    public void Restart(Exception cause) => SendSystemMessage(new Recreate(cause));

    public void Stop() => SendSystemMessage(new Terminate());

    public virtual void SendMessage(object message, IActorRef? sender)
    {
        if (_serializeMessages) message = SystemImpl.Serialization.Verify(message, _self);
        _mailbox.Enqueue(new Envelope(message, sender ?? SystemImpl.DeadLetters));
    }

    public virtual void SendSystemMessage(SystemMessage message)
    {
        if (!_mailbox.TryEnqueueSystem(message)) DeadLetterSystem(message);
    }

    public IActorRef ActorOf(Props props, string? name = null) => AttachChild(props, name, systemService: false);

    public ActorSelection ActorSelection(string actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, SystemImpl, _self);

    public ActorSelection ActorSelection(ActorPath actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, SystemImpl);

    /// <summary>
    /// A system message that came too late: a watcher is told that there is nobody, everything else is pointless now.
    /// </summary>
    public void DeadLetterSystem(SystemMessage message)
    {
        if (message is Watch watch && ReferenceEquals(watch.Watchee, _self) && !watch.Watcher.Equals(_self))
            watch.Watcher.SendSystemMessage(
                new DeathWatchNotification(_self, existenceConfirmed: false, addressTerminated: false));
    }

    public override string ToString() => _self.ToString() ?? "";

    /// <summary>A fresh instance, by Props; its constructor may use the context.</summary>
    protected virtual ActorBase CreateNewActorInstance() => Props.NewActor();

    /// <summary>An instance registers itself from its constructor; only the one that the cell is making may.</summary>
    public bool TryEnter(ActorBase actor)
    {
        if (!_constructing) return false;
        _constructing = false;
        return true;
    }

    private ActorBase NewActor()
    {
        ClearBehaviors();
        _constructing = true;
        try
        {
            _actor = CreateNewActorInstance()
                ?? throw new ActorInitializationException(_self, "Props.NewActor made no actor (null).");
        }
        finally
        {
            _constructing = false;
        }

        ProvideServices(_actor);
        return _actor;
    }

    /// <summary>Timers and stash for actors that ask for them by interface, unless the actor brought its own.</summary>
    private void ProvideServices(ActorBase actor)
    {
        if (actor is IActorStash stashing && stashing.Stash is null) stashing.Stash = this.CreateStash(actor.GetType());
        if (actor is IWithTimers timed) timed.Timers = Timers;
    }
}
