namespace Troupe.Platform;

public interface ITimerHandle
{
    /// <summary>True when the callback will now never run; false when it has run, runs, or was cancelled before.</summary>
    bool Cancel();
}
