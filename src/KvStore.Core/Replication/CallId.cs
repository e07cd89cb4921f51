namespace KvStore.Core.Replication;

/// <summary>
/// Names one request to a replica until it is answered; drawn by whoever drives the replica, who keeps the way back.
/// </summary>
public readonly record struct CallId(long Value)
{
    /// <summary>Nobody waits for an answer.</summary>
    public static readonly CallId None;

    /// <summary>Whether nobody waits for an answer.</summary>
    public bool IsNone => Value == 0;
}
