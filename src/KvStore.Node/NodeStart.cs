namespace KvStore.Node;

/// <summary>Which start of a node this is.</summary>
/// <param name="Number">
/// Counts the starts of the node's data set, from 1; durable before anything else. It goes into every dot, so that a node that lost the
/// end of what it held never names two writes alike.
/// </param>
public readonly record struct NodeStart(uint Number);
