using System.Globalization;

namespace KvStore.Cli.LocalCluster;

/// <summary>What the kernel says of a process (proc(5), /proc/PID/stat).</summary>
/// <param name="Started">Clock ticks since boot: with the process id, unique until the machine restarts.</param>
/// <param name="IsZombie">It has ended, and nobody has asked for its exit code yet.</param>
internal sealed record ProcessStat(long Started, bool IsZombie)
{
    /// <summary>Null when there is no such process.</summary>
    public static ProcessStat? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name in parentheses may hold anything; fields are counted from after it (state is field 3, starttime 22).
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStat(long.Parse(fields[19], CultureInfo.InvariantCulture), fields[0] is "Z" or "X");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
