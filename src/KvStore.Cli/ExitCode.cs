namespace KvStore.Cli;

/// <summary>What kv tells a script.</summary>
public static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NothingThere = 3;
}
