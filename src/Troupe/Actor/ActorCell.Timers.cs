namespace Akka.Actor;

internal partial class ActorCell
{
    private TimerScheduler? _timers;
    private long _messagesHandled;

    /// <summary>Counts user messages, to tell one from the next.</summary>
    public long MessagesHandled => _messagesHandled;

    private TimerScheduler Timers => _timers ??= new TimerScheduler(this);
}
