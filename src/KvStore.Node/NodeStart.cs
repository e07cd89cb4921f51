namespace KvStore.Node;

/// <summary>What a node knows of its own past when it starts.</summary>
/// <param name="Number">
/// Counts the starts of this node id, from 1; higher than at every start before. It goes into every dot, so that a node that forgot what
/// it held never names two writes alike.
/// </param>
public readonly record struct NodeStart(uint Number)
{
    /// <summary>Whether this node id has held data before. What it held was in memory and is gone: it must not vote "not found".</summary>
    public bool IsFirst => Number == 1;
}
