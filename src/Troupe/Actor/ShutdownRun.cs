using Akka.Event;

namespace Akka.Actor;

/// <summary>A task of a phase.</summary>
internal sealed record ShutdownTask(string Name, Func<Task<Done>> Begin);

/// <summary>
/// One run through the phases.
/// <para>Owner: the <see cref="CoordinatedShutdown"/> that began it. Thread rule: one step at a time, each on the thread that ended the
/// one before; no step waits. Nothing here runs in an actor, which may be gone before the run is.</para>
/// </summary>
internal sealed class ShutdownRun(
    IReadOnlyList<ShutdownPhase> phases,
    Func<string, ShutdownTask[]> tasksOf,
    ActorSystemImpl system,
    ILoggingAdapter log,
    TaskCompletionSource<Done> completion)
{
    private int _index = -1;

    /// <summary>Goes on to the next phase that has work to do.</summary>
    public void Next()
    {
        while (++_index < phases.Count)
        {
            var phase = phases[_index];
            var tasks = tasksOf(phase.Name);
            if (tasks.Length == 0)
            {
                continue;
            }
            if (!phase.Enabled)
            {
                log.Info("Shutdown phase [{0}] is disabled; its {1} task(s) are left out", phase.Name, tasks.Length);
                continue;
            }
            Begin(phase, tasks);
            return;
        }
        completion.TrySetResult(Done.Instance);
    }

    private void Begin(ShutdownPhase phase, ShutdownTask[] tasks)
    {
        log.Debug("Shutdown phase [{0}] begins, with {1} task(s)", phase.Name, tasks.Length);
        var ended = 0;
        var timer = new Cancelable(system.Scheduler.Advanced);
        var all = Task.WhenAll(tasks.Select(task => Begin(phase, task)));
        system.Scheduler.Advanced.ScheduleOnce(phase.Timeout, () => End(new TimeoutException(
            $"The shutdown phase [{phase.Name}] has not ended within {phase.Timeout}.")), timer);
        all.ContinueWith(
            done => End(done.Exception),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        void End(Exception? failure)
        {
            if (Interlocked.Exchange(ref ended, 1) == 1)
            {
                return;
            }
            timer.Cancel(false);
            if (failure is null)
            {
                Next();
            }
            else if (phase.Recover)
            {
                log.Warning("Shutdown phase [{0}] failed or took too long, and is left: {1}", phase.Name, failure.GetBaseException().Message);
                Next();
            }
            else
            {
                completion.TrySetException(failure);
            }
        }
    }

    private Task Begin(ShutdownPhase phase, ShutdownTask task)
    {
        Task running;
        try
        {
            running = task.Begin();
        }
        catch (Exception e)
        {
            running = Task.FromException(e);
        }
        return running.ContinueWith(
            done =>
            {
                if (done.Exception is { } failure)
                {
                    log.Warning("Shutdown task [{0}] of phase [{1}] failed: {2}", task.Name, phase.Name, failure.GetBaseException().Message);
                }
                return done;
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Unwrap();
    }
}
