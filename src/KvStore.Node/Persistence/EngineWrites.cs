using Akka.Actor;
using KvStore.Storage;

namespace KvStore.Node.Persistence;

/// <summary>
/// Synced writes of a plugin to the engine that never block it: what the engine does not take now waits here, in order, and is offered again.
/// Owner: one plugin actor, which hands <see cref="Again"/> messages back; the tasks may end on a thread of the engine.
/// </summary>
internal sealed class EngineWrites(LsmStore store, IScheduler scheduler, IActorRef owner)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan DiskFullPause = TimeSpan.FromSeconds(1);
    private static readonly WriteOptions Synced = new() { Durability = Durability.Group, NeverWait = true };

    private readonly Queue<(WriteBatch Batch, TaskCompletionSource Done)> _waiting = new();

    /// <summary>Ends when the batch is on disk and seen by reads; whether it was written is unknown if it fails.</summary>
    public Task Write(WriteBatch batch)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((batch, done));
        if (_waiting.Count == 1) GoOn();
        return done.Task;
    }

    /// <summary>Offers what waits again.</summary>
    public void GoOn()
    {
        while (_waiting.TryPeek(out var next))
        {
            var (batch, done) = next;
            WriteResult result;
            try
            {
                result = store.Submit(batch, completion => End(done, completion), Synced);
            }
            catch (StorageException e)
            {
                done.SetException(e);
                _waiting.Dequeue();
                continue;
            }

            if (!result.IsDone)
            {
                var pause = result.Status == WriteStatus.DiskFull ? DiskFullPause
                    : result.RetryAfter > ShortestPause ? result.RetryAfter : ShortestPause;
                scheduler.ScheduleTellOnce(pause, owner, Again.Instance, owner);
                return;
            }
            _waiting.Dequeue();
        }
    }

    private static void End(TaskCompletionSource done, WriteCompletion completion)
    {
        if (completion.Failure is { } failure) done.SetException(failure);
        else done.SetResult();
    }

    /// <summary>To the plugin: call <see cref="GoOn"/>.</summary>
    public sealed class Again
    {
        public static readonly Again Instance = new();
    }
}
