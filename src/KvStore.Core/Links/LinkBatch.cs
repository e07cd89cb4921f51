using System.Collections.Immutable;

namespace KvStore.Core.Links;

/// <summary>What travels between two nodes as one message.</summary>
/// <param name="Process">The process that sends it.</param>
/// <param name="To">The process it is meant for; another one takes nothing of it.</param>
/// <param name="Number">Counts the sender's batches on this line; 0 for one that brings an acknowledgement only.</param>
/// <param name="Acknowledged">The highest number that the sender has received on the line in the other direction.</param>
/// <param name="WantsAck">Whether the sender gathers until this batch is acknowledged.</param>
/// <param name="SentAt">The sender's monotonic clock when it went out.</param>
/// <param name="Items">The messages.</param>
public sealed record LinkBatch(
    ulong Process, ulong To, ulong Number, ulong Acknowledged, bool WantsAck, TimeSpan SentAt, ImmutableArray<LinkItem> Items);
