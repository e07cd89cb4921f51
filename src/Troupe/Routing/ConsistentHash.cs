namespace Akka.Routing;

/// <summary>Makes hash rings.</summary>
public static class ConsistentHash
{
    /// <summary>A ring on which each node has <paramref name="virtualNodesFactor"/> points.</summary>
    public static ConsistentHash<T> Create<T>(IEnumerable<T> nodes, int virtualNodesFactor) => new([.. nodes], virtualNodesFactor);
}

/// <summary>
/// Keys to nodes on a ring of 32-bit hashes: a key belongs to the next point clockwise. Immutable.
/// <para>A node's points follow from its text (ToString) alone, so that every process places keys alike, whatever the order of the
/// nodes; two nodes of one text are one node.</para>
/// Invariants:
/// <list type="number">
/// <item>Removing a node moves only its keys; adding one moves keys only to it.</item>
/// <item>Where points of two nodes fall together, the node with the lesser text has the point.</item>
/// </list>
/// </summary>
public class ConsistentHash<T>
{
    private readonly T[] _nodes;
    private readonly int _virtualNodesFactor;
    private readonly uint[] _points;
    private readonly T[] _owners;

    internal ConsistentHash(T[] nodes, int virtualNodesFactor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(virtualNodesFactor, 1);
        _virtualNodesFactor = virtualNodesFactor;
        _nodes = [.. nodes.DistinctBy(Text).OrderBy(Text, StringComparer.Ordinal)];
        var ring = new SortedDictionary<uint, T>();
        foreach (var node in _nodes)
        {
            for (var i = 0; i < virtualNodesFactor; i++)
            {
                ring.TryAdd(RingHash.Of($"{Text(node)}#{i}"), node);
            }
        }
        _points = [.. ring.Keys];
        _owners = [.. ring.Values];
    }

    public bool IsEmpty => _nodes.Length == 0;

    public static ConsistentHash<T> operator +(ConsistentHash<T> hash, T node) => hash.Add(node);

    public static ConsistentHash<T> operator -(ConsistentHash<T> hash, T node) => hash.Remove(node);

    public ConsistentHash<T> Add(T node) => new([.. _nodes, node], _virtualNodesFactor);

    public ConsistentHash<T> Remove(T node) => new([.. _nodes.Where(n => Text(n) != Text(node))], _virtualNodesFactor);

    /// <exception cref="InvalidOperationException">There are no nodes.</exception>
    public T NodeFor(string key) => NodeAt(RingHash.Of(key));

    /// <exception cref="InvalidOperationException">There are no nodes.</exception>
    public T NodeFor(byte[] key) => NodeAt(RingHash.Of(key));

    private T NodeAt(uint hash)
    {
        if (_points.Length == 0)
        {
            throw new InvalidOperationException("The ring has no nodes, so that a key has none either.");
        }
        var index = Array.BinarySearch(_points, hash);
        index = index < 0 ? ~index : index;
        return _owners[index == _owners.Length ? 0 : index];
    }

    private static string Text(T node) => node?.ToString() ?? "";
}
