namespace KvStore.Core.Replication;

/// <summary>What a replica is to its partition.</summary>
public enum ReplicaRole : byte
{
    /// <summary>An owner, or an owner-to-be while the partition moves.</summary>
    Primary = 0,

    /// <summary>A stand-in: holds copies on behalf of owners until they are back.</summary>
    Fallback = 1,
}
