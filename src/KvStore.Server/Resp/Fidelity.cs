namespace KvStore.Server.Resp;

/// <summary>How far a command keeps what Redis promises, in one kind of bucket.</summary>
public enum Fidelity
{
    /// <summary>
    /// As Redis, in one step of the store: one quorum read or write, or in a strong bucket one operation that takes effect at one moment.
    /// </summary>
    Exact,

    /// <summary>
    /// As Redis for one client at a time. It reads and then writes on that ground: of two at once both may take effect, as siblings or
    /// one over the other, and neither is told.
    /// </summary>
    Eventual,

    /// <summary>Answered by an error that says why.</summary>
    Refused,
}
