using System.Globalization;
using Troupe.Platform;

namespace Troupe.Simulation;

/// <summary>
/// Notices what determinism forbids: a thread other than the simulation's that touches it and, where the process is the
/// simulation's alone, work on the thread pool and timers of the framework's even if they never touch it.
/// <para>Thread rule: any thread.</para>
/// </summary>
internal sealed class ForeignAccess
{
    private readonly bool _ownsProcess;
    private readonly long _poolItems;
    private readonly long _timers;
    private string? _firstSeen;
    private int _thread;

    public ForeignAccess(bool ownsProcess)
    {
        _ownsProcess = ownsProcess;
        _poolItems = ProcessActivity.PoolItems;
        _timers = ProcessActivity.Timers;
        BindThread();
    }

    /// <summary>What was seen first, in words; null when all is well.</summary>
    public string? FirstSeen => Volatile.Read(ref _firstSeen);

    public bool IsOwnThread => Environment.CurrentManagedThreadId == Volatile.Read(ref _thread);

    public void BindThread() => Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);

    public bool IsForeign(string access, string? node)
    {
        if (IsOwnThread) return false;
        Record(string.Create(CultureInfo.InvariantCulture,
            $"foreign thread {Environment.CurrentManagedThreadId} ({ProcessActivity.CurrentThreadName}): {access}, while ")
            + (node is null ? "the scenario" : $"node {node}") + " had the simulation's thread. A Task.Run, Task.Delay, "
            + $"ConfigureAwait(false), timer, thread or real IO has left the simulation. Its stack:\n{Environment.StackTrace}");
        return true;
    }

    /// <summary>Looks at the thread pool and the framework's timers.</summary>
    public void Check()
    {
        if (!_ownsProcess) return;
        if (ProcessActivity.PoolItems - _poolItems is > 0 and var items)
            Record(string.Create(CultureInfo.InvariantCulture, $"{items} work items ran on the thread pool during the run"));
        if (ProcessActivity.Timers - _timers is > 0 and var timers)
            Record(string.Create(CultureInfo.InvariantCulture, $"{timers} timers of the framework were started during the run"));
    }

    private void Record(string seen) => Interlocked.CompareExchange(ref _firstSeen, seen, null);
}
