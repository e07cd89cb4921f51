namespace KvStore.Node;

/// <summary>A node stopped before it took any request.</summary>
/// <param name="isExcluded">Because the ring goes on without it; else the log says why.</param>
public sealed class NodeStoppedException(bool isExcluded) : Exception(isExcluded
    ? "This node is no member of the ring any more. It was not started; to come back it needs an empty data directory, and so a new id."
    : "This node stopped before it had started; the log says why.")
{
    public bool IsExcluded { get; } = isExcluded;
}
