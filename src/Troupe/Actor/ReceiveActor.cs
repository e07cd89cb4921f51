using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// An actor that declares a handler per type of message, in its constructor or in the argument of Become. The first declared one
/// that fits a message handles it; a message that none fits is unhandled.
/// </summary>
public abstract class ReceiveActor : UntypedActor
{
    private HandlerList? _declaring;

    protected ReceiveActor()
    {
        var handlers = _declaring = new HandlerList();
        ((IActorContext)Context).Become(handlers.Handle);
    }

    public override void AroundPreStart()
    {
        _declaring = null;
        base.AroundPreStart();
    }

    public override void AroundPostRestart(Exception cause, object message)
    {
        _declaring = null;
        base.AroundPostRestart(cause, message);
    }

    protected override void OnReceive(object message)
    {
    }

    protected void Become(Action configure) => ((IActorContext)Context).Become(Declare(configure));

    protected void BecomeStacked(Action configure) => ((IActorContext)Context).BecomeStacked(Declare(configure));

    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Add(new ActionHandler<T>(handler, shouldHandle));

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Add(new ActionHandler<T>(handler, shouldHandle));

    /// <summary>A handler that says itself whether it has handled the message.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Add(new FunctionHandler<T>(handler));

    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Add(new TypeHandler(messageType, handler, shouldHandle));

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Add(new TypeHandler(messageType, handler, shouldHandle));

    protected void Receive(Type messageType, Func<object, bool> handler) => Add(new TypeFunctionHandler(messageType, handler));

    /// <summary>Handles everything that no handler before it did; no handler can come after it.</summary>
    protected void ReceiveAny(Action<object> handler) => Add(new ActionHandler<object>(handler, null));

    /// <summary>An asynchronous handler: the actor's next message waits for its end.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Add(new ActionHandler<T>(Await(handler), shouldHandle));

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        Add(new ActionHandler<T>(Await(handler), shouldHandle));

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Add(new TypeHandler(messageType, Await(handler), shouldHandle));

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        Add(new TypeHandler(messageType, Await(handler), shouldHandle));

    protected void ReceiveAnyAsync(Func<object, Task> handler) => Add(new ActionHandler<object>(Await(handler), null));

    private static Action<T> Await<T>(Func<T, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return message => ActorTaskScheduler.RunTask(() => handler(message));
    }

    private void Add(MessageHandler handler) =>
        (_declaring ?? throw new InvalidOperationException(
            "Handlers are declared in the actor's constructor or in the argument of Become, and this is neither."))
        .Add(handler);

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
