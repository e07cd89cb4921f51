using System.Globalization;
using Akka.Dispatch.SysMsg;
using Troupe.Platform;

namespace Akka.Actor;

/// <summary>
/// The sender of an Ask: the first message that it is told completes the question.
/// <para>Thread rule: any thread. It gets a path, and a place in /temp, only when somebody asks for its path, as the remoting
/// does; most local questions never need one.</para>
/// </summary>
public class FutureActorRef<T> : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _result;
    private readonly IActorRefProvider _provider;
    private ActorPath? _path;
    private ITimerHandle? _timeout;
    private TimeSpan _patience;
    private CancellationTokenRegistration _cancellation;
    private int _completed;

    internal FutureActorRef(TaskCompletionSource<T> result, IActorRefProvider provider)
    {
        _result = result;
        _provider = provider;
    }

    public override IActorRefProvider Provider => _provider;

    public override ActorPath Path
    {
        get
        {
            if (_path is { } known) return known;
            var path = _provider.TempPath();
            if (Interlocked.CompareExchange(ref _path, path, null) is { } earlier) return earlier;
            if (IsTerminated) return path;
            _provider.RegisterTempActor(this, path);
            if (IsTerminated) _provider.UnregisterTempActor(path);
            return path;
        }
    }

    public override bool IsTerminated => Volatile.Read(ref _completed) == 1;

    /// <summary>Asks: tells the destination with itself as the sender.</summary>
    public virtual void DeliverAsk(object message, ICanTell destination) => destination.Tell(message, this);

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is Watch watch && IsTerminated)
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true, addressTerminated: false));
    }

    internal void StartTimeout(ITimers timers, TimeSpan timeout)
    {
        _patience = timeout;
        _timeout = timers.Schedule(timeout, static self => ((FutureActorRef<T>)self!).TimedOut(), this);
        if (IsTerminated) _timeout.Cancel();
    }

    internal void CancelBy(CancellationToken token)
    {
        _cancellation = token.UnsafeRegister(static (self, t) => ((FutureActorRef<T>)self!).Cancelled(t), this);
        if (IsTerminated) _cancellation.Unregister();
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (!TryComplete())
        {
            _provider.DeadLetters.Tell(message, this);
            return;
        }

        switch (message)
        {
            case T answer when answer is not Status.Failure || typeof(T) != typeof(object):
                _result.TrySetResult(answer);
                break;
            case Status.Failure failure:
                _result.TrySetException(failure.Cause
                    ?? new TaskCanceledException("Task cancelled by actor via Failure message."));
                break;
            default:
                _result.TrySetException(new ArgumentException(
                    $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]"));
                _provider.DeadLetters.Tell(message, this);
                break;
        }
    }

    private void TimedOut()
    {
        if (TryComplete()) _result.TrySetException(new AskTimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"Timeout after {_patience.TotalSeconds:0.00} seconds")));
    }

    private void Cancelled(CancellationToken token)
    {
        if (TryComplete()) _result.TrySetCanceled(token);
    }

    /// <summary>True for the one who may set the result.</summary>
    private bool TryComplete()
    {
        if (Interlocked.Exchange(ref _completed, 1) == 1) return false;
        _timeout?.Cancel();
        _cancellation.Unregister();
        if (Volatile.Read(ref _path) is { } path) _provider.UnregisterTempActor(path);
        return true;
    }
}
