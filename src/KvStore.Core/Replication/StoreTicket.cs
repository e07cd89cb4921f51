namespace KvStore.Core.Replication;

/// <summary>Names one write to storage, counting up within one replica object. Storage logs them in this order.</summary>
public readonly record struct StoreTicket(long Value);
