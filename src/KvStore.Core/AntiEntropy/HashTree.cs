using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using KvStore.Core.Causality;
using KvStore.Core.Placement;

namespace KvStore.Core.AntiEntropy;

/// <summary>
/// The Merkle tree of one partition at one replica. Each key adds the hash of its place and its state to a leaf; every node is
/// the plain sum (modulo 2^64) of the keys below it. So a write changes its leaf and the few nodes above by one difference, the
/// order of writes does not matter, and trees of different size still compare: a smaller one has the upper nodes
/// of a larger one. Owned by one replica; not thread-safe.
/// <para>Invariants: (1) a node is the sum of its children; (2) replicas that store the same states have the same sums;
/// (3) while a rebuild reads its snapshot the tree is incomplete and answers no exchange, and writes go on as differences.</para>
/// <para>After Merkle's tree and Riak's mergeable trees; sums for XOR, so that no entry cancels its double.</para>
/// </summary>
public sealed class HashTree
{
    /// <summary>Children of a node, as a power of two.</summary>
    public const int BitsPerLevel = 4;

    /// <summary>Children of a node.</summary>
    public const int Fanout = 1 << BitsPerLevel;

    /// <summary>The most levels: a million leaves, 8 MiB.</summary>
    public const int MaxDepth = 5;

    /// <summary>More keys than this per leaf, on average, and the tree should grow by a level.</summary>
    public const int KeysPerLeaf = 64;

    /// <summary>The serialized form's version. Never reused for another.</summary>
    public const byte Format = 1;

    private const int HeaderSize = 2 + 2 * sizeof(ulong);

    /// <summary>The first bits of a token name the partition (at most 4096) and say nothing within it.</summary>
    private const int PartitionBits = 12;

    private readonly ulong[][] _levels;
    private bool _isRetired;

    /// <param name="depth">How many levels below the root; 1 for 16 leaves.</param>
    /// <param name="isComplete">False for a tree whose keys are yet to be read from a snapshot.</param>
    public HashTree(int depth, bool isComplete = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, MaxDepth);
        (Depth, IsComplete) = (depth, isComplete);
        _levels = new ulong[depth + 1][];
        for (var level = 0; level <= depth; level++)
            _levels[level] = new ulong[1 << (BitsPerLevel * level)];
    }

    /// <summary>How many levels below the root.</summary>
    public int Depth { get; }

    /// <summary>How many keys it sums up.</summary>
    public long Keys { get; private set; }

    /// <summary>Whether every stored key is in it.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The sum of everything.</summary>
    public ulong Root => _levels[0][0];

    /// <summary>The depth that a tree of so many keys should have.</summary>
    public static int DepthFor(long keys)
    {
        var leaves = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, keys / (KeysPerLeaf / 4)));
        return Math.Clamp((BitOperations.Log2(leaves) + BitsPerLevel - 1) / BitsPerLevel, 1, MaxDepth);
    }

    /// <summary>The place of a key at a level: 0 to 16^level - 1.</summary>
    public static int PlaceOf(Token token, int level) =>
        level == 0 ? 0 : (int)((token.Value << PartitionBits) >> (64 - BitsPerLevel * level));

    /// <summary>
    /// What a key in its state adds to the sums: equal for equal keys in equal states, different otherwise but for a chance of 2^-64.
    /// </summary>
    public static ulong MarkOf(KeyHash entry) => Entry(Token.Of(entry.Key), entry.Hash);

    /// <summary>Whether it should be rebuilt larger.</summary>
    public bool IsCrowded => Depth < MaxDepth && Keys > (long)KeysPerLeaf * _levels[Depth].Length;

    /// <summary>The sum of a node.</summary>
    public ulong Sum(int level, int place) => _levels[level][place];

    /// <summary>The sums of a node's children.</summary>
    public ReadOnlySpan<ulong> Children(int level, int place) => _levels[level + 1].AsSpan(place * Fanout, Fanout);

    /// <summary>A key's state changed: from and to these <see cref="SiblingSet.Hash"/>es, 0 for absent.</summary>
    public void Update(Token token, ulong before, ulong after)
    {
        if (before == after)
            return;
        var difference = Entry(token, after) - Entry(token, before);
        for (var level = 0; level <= Depth; level++)
            _levels[level][PlaceOf(token, level)] += difference;
        Keys += (after == 0 ? 0 : 1) - (before == 0 ? 0 : 1);
    }

    /// <summary>
    /// A rebuild's snapshot holds this key in this state. Writes since the snapshot come by <see cref="Update"/>, in any order.
    /// </summary>
    public void AddScanned(Token token, ulong hash)
    {
        Invariant.Check(!IsComplete);
        Update(token, 0, hash);
    }

    /// <summary>A rebuild has read its whole snapshot.</summary>
    public void CompleteScan() => IsComplete = !_isRetired;

    /// <summary>Another tree takes its place: whoever still compares with this one has to stop.</summary>
    public void Retire() => (_isRetired, IsComplete) = (true, false);

    /// <summary>The size of the serialized form, in bytes.</summary>
    public int SerializedSize => HeaderSize + _levels[Depth].Length * sizeof(ulong);

    /// <summary>
    /// Writes the tree: format, depth, keys, root, leaves; all little-endian. Only a complete one may be kept, beside a clean
    /// marker.
    /// </summary>
    public void Write(Span<byte> target)
    {
        Invariant.Check(IsComplete);
        target[0] = Format;
        target[1] = (byte)Depth;
        BinaryPrimitives.WriteInt64LittleEndian(target[2..], Keys);
        BinaryPrimitives.WriteUInt64LittleEndian(target[10..], Root);
        var leaves = _levels[Depth];
        for (var i = 0; i < leaves.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(target[(HeaderSize + i * sizeof(ulong))..], leaves[i]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false when it is of another format, cut short or does not add up.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out HashTree? tree)
    {
        tree = null;
        if (source.Length < HeaderSize || source[0] != Format || source[1] is < 1 or > MaxDepth)
            return false;
        var depth = source[1];
        var keys = BinaryPrimitives.ReadInt64LittleEndian(source[2..]);
        if (keys < 0 || source.Length != HeaderSize + (sizeof(ulong) << (BitsPerLevel * depth)))
            return false;
        var read = new HashTree(depth) { Keys = keys };
        for (var i = 0; i < read._levels[depth].Length; i++)
        {
            var sum = BinaryPrimitives.ReadUInt64LittleEndian(source[(HeaderSize + i * sizeof(ulong))..]);
            for (var level = 0; level <= depth; level++)
                read._levels[level][i >> (BitsPerLevel * (depth - level))] += sum;
        }

        tree = read.Root == BinaryPrimitives.ReadUInt64LittleEndian(source[10..]) ? read : null;
        return tree is not null;
    }

    private static ulong Entry(Token token, ulong hash) => hash == 0 ? 0 : Mix64.Fold(Mix64.Finish(token.Value), hash);
}
