using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Event;

/// <summary>
/// The event bus of one ActorSystem: subscribers get every published object of a type, or of one derived from it. A subscriber
/// that stops is unsubscribed.
/// </summary>
public class EventStream(bool debug) : LoggingBus
{
    private IActorRef? _unsubscriber;

    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        var first = !HasSubscriptions(subscriber);
        if (!base.Subscribe(subscriber, channel)) return false;
        if (first && subscriber is ActorRefWithCell)
            _unsubscriber?.Tell(new EventStreamUnsubscriber.Register(subscriber), ActorRefs.NoSender);
        Say($"subscribing {subscriber} to channel {channel}");
        return true;
    }

    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (!base.Unsubscribe(subscriber, channel)) return false;
        Say($"unsubscribing {subscriber} from channel {channel}");
        return true;
    }

    public override bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (!base.Unsubscribe(subscriber)) return false;
        Say($"unsubscribing {subscriber} from all channels");
        return true;
    }

    internal void StartUnsubscriber(ActorSystemImpl system) =>
        _unsubscriber = system.SystemActorOf(
            Props.Create(() => new EventStreamUnsubscriber(this)).WithDispatcher(Dispatchers.InternalDispatcherId),
            "EventStreamUnsubscriber");

    private void Say(string text)
    {
        if (debug) Publish(new Debug(Logging.SimpleName(this), GetType(), text));
    }
}

public static class EventStreamExtensions
{
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Subscribe(subscriber, typeof(TChannel));

    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Unsubscribe(subscriber, typeof(TChannel));
}

/// <summary>Watches the subscribers, and unsubscribes those that stop.</summary>
internal sealed class EventStreamUnsubscriber(EventStream stream) : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Register register:
                Context.Watch(register.Subscriber);
                return true;
            case Terminated terminated:
                stream.Unsubscribe(terminated.ActorRef);
                return true;
            default:
                return false;
        }
    }

    internal sealed class Register(IActorRef subscriber) : INoSerializationVerificationNeeded
    {
        public IActorRef Subscriber { get; } = subscriber;
    }
}
