namespace KvStore.Cli;

/// <summary>An end with a message for the person at the terminal: what happened, whether anything changed, what to do next.</summary>
public sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
