namespace Troupe.Platform;

/// <summary>
/// Runs work items: a mailbox's batch, an association's write round. An item is queued at most once at a time by its owner,
/// runs to its end, and never blocks.
/// </summary>
public interface IExecutor
{
    void Execute(IThreadPoolWorkItem item);

    /// <summary>No further items are accepted; threads of this executor's own end when they are idle.</summary>
    void Shutdown();
}
