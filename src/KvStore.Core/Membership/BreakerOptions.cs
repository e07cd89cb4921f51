namespace KvStore.Core.Membership;

/// <summary>When real requests, failing, show that a peer cannot be reached.</summary>
public sealed record BreakerOptions
{
    /// <summary>So many failures in a row open it.</summary>
    public int ConsecutiveFailures { get; init; } = 5;

    /// <summary>So large a part of failures opens it, once there are <see cref="MinRequests"/> in the period.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>How many requests a period needs before its ratio means anything.</summary>
    public int MinRequests { get; init; } = 20;

    /// <summary>How long failures and successes are counted together.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it stays open the first time; doubled each time the trial fails.</summary>
    public TimeSpan OpenMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it stays open at most.</summary>
    public TimeSpan OpenMax { get; init; } = TimeSpan.FromSeconds(30);
}
