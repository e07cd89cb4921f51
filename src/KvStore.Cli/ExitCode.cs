namespace KvStore.Cli;

/// <summary>What kv tells a script. docs/operating.md has the same table.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Not done, refused or unhealthy. Nothing was changed.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense. Nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>No cluster is there, or no node answers. Nothing was done.</summary>
    public const int NothingThere = 3;

    /// <summary>A change may or may not have been made.</summary>
    public const int Unknown = 4;

    /// <summary>The key is not there.</summary>
    public const int Absent = 5;
}
