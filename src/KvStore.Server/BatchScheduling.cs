using System.Globalization;
using System.Runtime.InteropServices;

namespace KvStore.Server;

/// <summary>
/// Has the kernel run this process's threads as batch work (Linux, sched(7), SCHED_BATCH): one that becomes ready does not interrupt one
/// that runs. Each message wakes somebody; where no core is idle each would cost a switch there and back, and cold caches, for a few
/// microseconds of work, and what could be handled together comes one by one. An idle core is taken at once all the same.
/// </summary>
internal static partial class BatchScheduling
{
    private const int SchedBatch = 3;
    private const string Threads = "/proc/self/task";

    /// <summary>For the threads there are; those that they start take it over. Called first, while there are few.</summary>
    /// <returns>Why not, or null.</returns>
    public static string? Begin()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Threads)) return null;
        var none = default(Parameters);
        foreach (var thread in Directory.EnumerateDirectories(Threads))
        {
            var id = int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture);
            if (SetScheduler(id, SchedBatch, in none) == 0) continue;
            var why = Marshal.GetLastPInvokeErrorMessage();
            if (Directory.Exists(thread)) return why;
        }
        return null;
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SetScheduler(int thread, int policy, in Parameters parameters);

    /// <summary>sched_param: a priority, which batch work has none of.</summary>
    private readonly struct Parameters
    {
        private readonly int _priority;
    }
}
