using Akka.Actor;

namespace Akka.Event;

/// <summary>Logs unhandled messages where `akka.actor.debug.unhandled` is on.</summary>
internal sealed class UnhandledMessageListener : ActorBase
{
    public static void Start(ActorSystemImpl system)
    {
        if (!system.Settings.DebugUnhandledMessage) return;
        var listener = system.SystemActorOf(Props.Create<UnhandledMessageListener>(), "UnhandledMessageForwarder");
        system.EventStream.Subscribe(listener, typeof(UnhandledMessage));
    }

    protected override bool Receive(object message)
    {
        if (message is not UnhandledMessage unhandled) return false;
        Context.System.EventStream.Publish(new Debug(unhandled.Recipient.Path.ToString(), unhandled.Recipient.GetType(),
            $"Unhandled message from {unhandled.Sender} : {unhandled.Message}"));
        return true;
    }
}
