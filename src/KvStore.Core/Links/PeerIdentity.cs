using KvStore.Core.Identity;

namespace KvStore.Core.Links;

/// <summary>Who one process says it is when it greets another.</summary>
/// <param name="Cluster">Its cluster.</param>
/// <param name="Node">Its node.</param>
/// <param name="DataSet">Random bits that were drawn with the node's data: other bits are other data, whatever else is the same.</param>
/// <param name="Start">The node's durable start number.</param>
/// <param name="Process">Random bits drawn at that start.</param>
/// <param name="Protocol">The highest protocol version it speaks.</param>
/// <param name="Features">What it can do beyond that version, one bit each.</param>
/// <param name="Runtime">The actor runtime it stands on.</param>
public sealed record PeerIdentity(
    ClusterId Cluster, NodeId Node, ulong DataSet, uint Start, ulong Process, ushort Protocol, ulong Features, string Runtime);
