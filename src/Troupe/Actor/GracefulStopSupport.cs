using Akka.Dispatch.SysMsg;
using Troupe.Platform;

namespace Akka.Actor;

public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>
    /// Tells the actor <paramref name="stopMessage"/> and completes with true when it has stopped, with false after the time-out.
    /// </summary>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var watch = StopWatcher.Watch((IInternalActorRef)target);
        watch.StartTimeout(timeout);
        target.Tell(stopMessage, ActorRefs.NoSender);
        return watch.Stopped;
    }
}

public static class WatchAsyncSupport
{
    /// <summary>
    /// Completes with true when the actor has stopped, with false when <paramref name="token"/> is cancelled before.
    /// </summary>
    public static Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        var watch = StopWatcher.Watch((IInternalActorRef)target);
        watch.EndBy(token);
        return watch.Stopped;
    }
}

/// <summary>A watcher that is no actor: a task that completes when the watched one stops.</summary>
internal sealed class StopWatcher : MinimalActorRef
{
    private readonly IInternalActorRef _target;
    private readonly TaskCompletionSource<bool> _stopped;
    private readonly ActorSystemImpl _system;
    private ITimerHandle? _timeout;
    private CancellationTokenRegistration _end;

    private StopWatcher(IInternalActorRef target)
    {
        _target = target;
        _system = (ActorSystemImpl)target.Provider.Settings.System;
        _stopped = _system.NewCompletion<bool>();
        Path = target.Provider.TempPath();
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider => _target.Provider;

    public Task<bool> Stopped => _stopped.Task;

    public static StopWatcher Watch(IInternalActorRef target)
    {
        var watcher = new StopWatcher(target);
        target.Provider.RegisterTempActor(watcher, watcher.Path);
        target.SendSystemMessage(new Watch(target, watcher));
        return watcher;
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is DeathWatchNotification && _stopped.TrySetResult(true)) Release();
    }

    public void StartTimeout(TimeSpan timeout)
    {
        _timeout = _system.Seams.Timers.Schedule(timeout, static self => ((StopWatcher)self!).TimedOut(), this);
        if (Stopped.IsCompleted) _timeout.Cancel();
    }

    public void EndBy(CancellationToken token)
    {
        _end = token.UnsafeRegister(static self => ((StopWatcher)self!).Ended(), this);
        if (Stopped.IsCompleted) _end.Unregister();
    }

    private void TimedOut()
    {
        if (_stopped.TrySetResult(false)) Leave();
    }

    private void Ended()
    {
        if (_stopped.TrySetResult(false)) Leave();
    }

    private void Leave()
    {
        Release();
        _target.SendSystemMessage(new Unwatch(_target, this));
    }

    private void Release()
    {
        _timeout?.Cancel();
        _end.Unregister();
        Provider.UnregisterTempActor(Path);
    }
}
