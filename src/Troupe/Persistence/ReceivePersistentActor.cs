using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Persistence;

/// <summary>
/// A persistent actor that declares a handler per type of command and per type of event, as <see cref="ReceiveActor"/> does.
/// </summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    private readonly HandlerList _recovery = new();
    private HandlerList? _declaring;
    private bool _recoveryDeclared;

    protected ReceivePersistentActor()
    {
        var handlers = _declaring = new HandlerList();
        ((IActorContext)Context).Become(handlers.Handle);
    }

    public override void AroundPreStart()
    {
        EndDeclarations();
        base.AroundPreStart();
    }

    public override void AroundPostRestart(Exception cause, object message)
    {
        EndDeclarations();
        base.AroundPostRestart(cause, message);
    }

    protected override void OnCommand(object message)
    {
    }

    protected override void OnRecover(object message)
    {
    }

    protected override bool ReceiveRecover(object message) => _recovery.Handle(message);

    protected void Become(Action configure) => ((IActorContext)Context).Become(Declare(configure));

    protected void BecomeStacked(Action configure) => ((IActorContext)Context).BecomeStacked(Declare(configure));

    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Add(new ActionHandler<T>(handler, shouldHandle));

    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Add(new ActionHandler<T>(handler, shouldHandle));

    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Add(new TypeHandler(messageType, handler, shouldHandle));

    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Add(new TypeHandler(messageType, handler, shouldHandle));

    /// <summary>A handler that says itself whether it has handled the command.</summary>
    protected void Command<T>(Func<T, bool> handler) => Add(new FunctionHandler<T>(handler));

    protected void Command(Type messageType, Func<object, bool> handler) => Add(new TypeFunctionHandler(messageType, handler));

    protected void Command(Action<object> handler) => CommandAny(handler);

    /// <summary>Handles every command that no handler before it did; no handler can come after it.</summary>
    protected void CommandAny(Action<object> handler) => Add(new ActionHandler<object>(handler, null));

    /// <summary>An asynchronous handler: the actor's next command waits for its end.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Add(new ActionHandler<T>(Await(handler), shouldHandle));

    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        Add(new ActionHandler<T>(Await(handler), shouldHandle));

    protected void CommandAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Add(new TypeHandler(messageType, Await(handler), shouldHandle));

    protected void CommandAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        Add(new TypeHandler(messageType, Await(handler), shouldHandle));

    protected void CommandAnyAsync(Func<object, Task> handler) => Add(new ActionHandler<object>(Await(handler), null));

    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        AddRecovery(new ActionHandler<T>(handler, shouldHandle));

    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) =>
        AddRecovery(new ActionHandler<T>(handler, shouldHandle));

    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        AddRecovery(new TypeHandler(messageType, handler, shouldHandle));

    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        AddRecovery(new TypeHandler(messageType, handler, shouldHandle));

    /// <summary>A handler that says itself whether it has handled the event.</summary>
    protected void Recover<T>(Func<T, bool> handler) => AddRecovery(new FunctionHandler<T>(handler));

    protected void Recover(Type messageType, Func<object, bool> handler) =>
        AddRecovery(new TypeFunctionHandler(messageType, handler));

    /// <summary>Handles everything that no handler before it did; no handler can come after it.</summary>
    protected void RecoverAny(Action<object> handler) => AddRecovery(new ActionHandler<object>(handler, null));

    private Action<T> Await<T>(Func<T, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return message => RunTask(() => handler(message));
    }

    private void EndDeclarations()
    {
        _declaring = null;
        _recoveryDeclared = true;
    }

    private void Add(MessageHandler handler) =>
        (_declaring ?? throw new InvalidOperationException(
            "Handlers of commands are declared in the actor's constructor or in the argument of Become, and this is neither."))
        .Add(handler);

    private void AddRecovery(MessageHandler handler)
    {
        if (_recoveryDeclared)
            throw new InvalidOperationException("Handlers of events are declared in the actor's constructor, and this is not it.");
        _recovery.Add(handler);
    }

    private Receive Declare(Action configure)
    {
        var outer = _declaring;
        var handlers = _declaring = new HandlerList();
        try
        {
            configure();
        }
        finally
        {
            _declaring = outer;
        }

        return handlers.Handle;
    }
}
