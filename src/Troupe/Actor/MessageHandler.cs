namespace Akka.Actor;

/// <summary>One declared handler of a <see cref="ReceiveActor"/>.</summary>
internal abstract class MessageHandler
{
    /// <summary>It takes everything, so that a handler after it could never be reached.</summary>
    public abstract bool TakesAll { get; }

    public abstract bool TryHandle(object message);
}

internal sealed class ActionHandler<T>(Action<T> handler, Predicate<T>? shouldHandle) : MessageHandler
{
    private readonly Action<T> _handler = handler ?? throw new ArgumentNullException(nameof(handler));

    public override bool TakesAll => typeof(T) == typeof(object) && shouldHandle is null;

    public override bool TryHandle(object message)
    {
        if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed))) return false;
        _handler(typed);
        return true;
    }
}

internal sealed class FunctionHandler<T>(Func<T, bool> handler) : MessageHandler
{
    private readonly Func<T, bool> _handler = handler ?? throw new ArgumentNullException(nameof(handler));

    public override bool TakesAll => false;

    public override bool TryHandle(object message) => message is T typed && _handler(typed);
}

internal sealed class TypeHandler(Type messageType, Action<object> handler, Predicate<object>? shouldHandle) : MessageHandler
{
    private readonly Type _messageType = messageType ?? throw new ArgumentNullException(nameof(messageType));
    private readonly Action<object> _handler = handler ?? throw new ArgumentNullException(nameof(handler));

    public override bool TakesAll => _messageType == typeof(object) && shouldHandle is null;

    public override bool TryHandle(object message)
    {
        if (!_messageType.IsInstanceOfType(message) || (shouldHandle is not null && !shouldHandle(message))) return false;
        _handler(message);
        return true;
    }
}

internal sealed class TypeFunctionHandler(Type messageType, Func<object, bool> handler) : MessageHandler
{
    private readonly Type _messageType = messageType ?? throw new ArgumentNullException(nameof(messageType));
    private readonly Func<object, bool> _handler = handler ?? throw new ArgumentNullException(nameof(handler));

    public override bool TakesAll => false;

    public override bool TryHandle(object message) => _messageType.IsInstanceOfType(message) && _handler(message);
}
