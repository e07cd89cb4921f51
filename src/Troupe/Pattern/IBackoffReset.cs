namespace Akka.Pattern;

/// <summary>When the count of restarts is forgotten.</summary>
public interface IBackoffReset
{
}

internal sealed record AutoReset(TimeSpan After) : IBackoffReset;

internal sealed record ManualReset : IBackoffReset;
