namespace KvStore.Client.Requests;

/// <summary>What one request may take.</summary>
/// <param name="Deadline">With all its attempts.</param>
/// <param name="AttemptTimeout">One attempt.</param>
/// <param name="MaxAttempts">Attempts, hedges included.</param>
/// <param name="HedgeAfter">When a second node is asked as well; null for never.</param>
internal sealed record RunLimits(TimeSpan Deadline, TimeSpan AttemptTimeout, int MaxAttempts, TimeSpan? HedgeAfter);
