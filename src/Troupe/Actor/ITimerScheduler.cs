namespace Akka.Actor;

/// <summary>
/// Messages to oneself, later; each timer has a key, and starting one replaces the one of that key. A restart or stop ends them
/// all, and the message of a cancelled or replaced timer never arrives, even if it is queued. Thread rule: only from within the
/// actor.
/// </summary>
public interface ITimerScheduler
{
    IReadOnlyCollection<object> ActiveTimers { get; }

    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    bool IsTimerActive(object key);

    void Cancel(object key);

    void CancelAll();
}

/// <summary>Gives an actor <see cref="Timers"/>, before PreStart and anew at each restart.</summary>
public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}
