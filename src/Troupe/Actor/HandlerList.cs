namespace Akka.Actor;

/// <summary>The handlers of one behaviour, tried in the order of their declaration.</summary>
internal sealed class HandlerList
{
    private MessageHandler[] _handlers = [];
    private int _count;

    public void Add(MessageHandler handler)
    {
        if (_count > 0 && _handlers[_count - 1].TakesAll)
            throw new InvalidOperationException(
                "A handler that catches all messages has been added. No handler can be added after that.");
        if (_count == _handlers.Length) Array.Resize(ref _handlers, Math.Max(2, _count * 2));
        _handlers[_count++] = handler;
    }

    public bool Handle(object message)
    {
        var handlers = _handlers;
        for (var i = 0; i < _count; i++)
        {
            if (handlers[i].TryHandle(message)) return true;
        }

        return false;
    }
}
