namespace KvStore.Server;

/// <summary>What a node's process says to whoever started it. docs/operating.md has the same table.</summary>
internal static class ExitCode
{
    /// <summary>Stopped as asked, or no member of the ring any more: it need not be started again.</summary>
    public const int Stopped = 0;

    /// <summary>It stopped itself: a bug of ours, or a disk that failed a write. A start may help.</summary>
    public const int HadToStop = 1;

    /// <summary>Wrong command line; nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>Mistakes in the settings, all of them listed; nothing was started.</summary>
    public const int Settings = 3;

    /// <summary>The data directory is in use, damaged, another node's, or cannot be had; nothing was started.</summary>
    public const int Data = 4;

    /// <summary>A port is taken, or a name is not this machine's.</summary>
    public const int Ports = 5;
}
