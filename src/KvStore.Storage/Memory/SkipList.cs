using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using KvStore.Storage.Format;

namespace KvStore.Storage.Memory;

/// <summary>
/// The sorted entries of a memtable, in arena memory: a skip list (Pugh 1990) with one writer at a time and any number of
/// readers, who take no lock.
///
/// 1. A node is never changed or removed once it is linked; only links change, each from one node to a newer one before it.
/// 2. A link carries the first eight bytes of the key that it leads to, so that most steps of a search touch only the node they
///    come from. The writer stores the node first and these bytes second, a reader loads them in the other order: a reader that
/// meets    a change half-way may walk past the new node, which it cannot have been promised, but never past an older one.
/// 3. Keys of equal first bytes are compared in full, at the node.
///
/// The memory must outlive every reader: <see cref="MemTable"/> counts them.
/// </summary>
internal sealed unsafe class SkipList
{
    private const int MaxHeight = 12;
    private readonly Arena _arena;
    private readonly Node* _head;
    private readonly Node*[] _path = new Node*[MaxHeight];
    private Node* _last;
    private int _height = 1;
    private ulong _random = 0x9E37_79B9_7F4A_7C15;

    internal SkipList(Arena arena)
    {
        _arena = arena;
        _head = NewNode(MaxHeight, [], [], 0);
        for (int level = 0; level < MaxHeight; level++)
        {
            *Node.Links(_head, level) = new Link { Target = null, Prefix = ulong.MaxValue };
            _path[level] = _head;
        }
    }

    internal Node* First => NextOf(_head);

    internal static Node* NextOf(Node* node) => (Node*)Volatile.Read(ref *(nint*)&Node.Links(node, 0)->Target);

    /// <summary>Adds an entry; no two may have the same user key and trailer. One thread at a time.</summary>
    internal Node* Insert(ReadOnlySpan<byte> key, ulong trailer, ReadOnlySpan<byte> value)
    {
        ulong prefix = PrefixOf(key);
        fixed (byte* keyBytes = key)
        {
            var target = new Target { Prefix = prefix, Key = keyBytes, Length = key.Length, Trailer = trailer };
            if (!FollowsLast(in target))
                FindPath(in target);
        }

        return Splice(prefix, key, trailer, value);
    }

    /// <summary>As <see cref="Insert"/>, for entries that come in order, each after the one inserted before: the search begins where
    /// that one stands and climbs only as far as the distance needs (Pugh's search finger).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal Node* InsertNext(ReadOnlySpan<byte> key, ulong trailer, ReadOnlySpan<byte> value)
    {
        ulong prefix = PrefixOf(key);
        fixed (byte* keyBytes = key)
        {
            var target = new Target { Prefix = prefix, Key = keyBytes, Length = key.Length, Trailer = trailer };
            if (_last == null || !IsBefore(_last, in target))
                FindPath(in target);
            else
                FindPathFromLast(in target);
        }

        return Splice(prefix, key, trailer, value);
    }

    /// <summary>The first node at or after (key, trailer); null: there is none.</summary>
    internal Node* Seek(ReadOnlySpan<byte> key, ulong trailer)
    {
        fixed (byte* keyBytes = key)
        {
            var target = new Target { Prefix = PrefixOf(key), Key = keyBytes, Length = key.Length, Trailer = trailer };
            Node* node = NextOf(LastBefore(in target));
            while (node != null && IsBefore(node, in target))
                node = NextOf(node);
            return node;
        }
    }

    /// <summary>The last node before (key, trailer); null: there is none.</summary>
    internal Node* SeekBefore(ReadOnlySpan<byte> key, ulong trailer)
    {
        fixed (byte* keyBytes = key)
        {
            var target = new Target { Prefix = PrefixOf(key), Key = keyBytes, Length = key.Length, Trailer = trailer };
            Node* node = LastBefore(in target);
            while (NextOf(node) is var next && next != null && IsBefore(next, in target))
                node = next;
            return node == _head ? null : node;
        }
    }

    internal Node* Last()
    {
        Node* node = _head;
        for (int level = Volatile.Read(ref _height) - 1; level >= 0; level--)
        {
            while ((Node*)Volatile.Read(ref *(nint*)&Node.Links(node, level)->Target) is var next && next != null)
                node = next;
        }

        return node == _head ? null : node;
    }

    /// <summary>Writers that append in order need no search: the path of the last insert is theirs.</summary>
    private bool FollowsLast(in Target target)
    {
        if (_last == null || !IsBefore(_last, in target))
            return false;
        Link* after = Node.Links(_last, 0);
        return after->Target == null || !IsBefore(after, in target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Node* Splice(ulong prefix, ReadOnlySpan<byte> key, ulong trailer, ReadOnlySpan<byte> value)
    {
        int height = RandomHeight();
        if (height > _height)
            Volatile.Write(ref _height, height);
        Node* node = NewNode(height, key, value, trailer);
        for (int level = 0; level < height; level++)
        {
            Link* before = Node.Links(_path[level], level);
            *Node.Links(node, level) = *before;
            Volatile.Write(ref *(nint*)&before->Target, (nint)node);
            Volatile.Write(ref before->Prefix, prefix);
            _path[level] = node;
        }

        return _last = node;
    }

    private void FindPath(in Target target)
    {
        Descend(_head, _height - 1, in target);
        for (int level = _height; level < MaxHeight; level++)
            _path[level] = _head;
    }

    /// <summary>REQUIRES: the last node inserted is before the target. On each level the path is before it then too; from the first
    /// level on which its next node is not, all higher ones hold already.</summary>
    private void FindPathFromLast(in Target target)
    {
        int level = 0;
        while (level < _height && IsBefore(Node.Links(_path[level], level), in target))
            level++;
        if (level > 0)
            Descend(_path[level - 1], level - 1, in target);
    }

    private void Descend(Node* node, int level, in Target target)
    {
        for (; level >= 0; level--)
        {
            Link* link = Node.Links(node, level);
            while (IsBefore(link, in target))
            {
                node = link->Target;
                link = Node.Links(node, level);
            }

            _path[level] = node;
        }
    }

    private Node* LastBefore(in Target target)
    {
        Node* node = _head;
        for (int level = Volatile.Read(ref _height) - 1; level >= 0; level--)
        {
            Link* link = Node.Links(node, level);
            while (IsBefore(link, in target))
            {
                node = link->Target;
                link = Node.Links(node, level);
            }
        }

        return node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBefore(Link* link, in Target target)
    {
        ulong prefix = Volatile.Read(ref link->Prefix);
        var node = (Node*)Volatile.Read(ref *(nint*)&link->Target);
        if (prefix != target.Prefix)
            return prefix < target.Prefix;
        return node != null && IsBefore(node, in target);
    }

    private static bool IsBefore(Node* node, in Target target)
    {
        int order = Node.Key(node).SequenceCompareTo(new ReadOnlySpan<byte>(target.Key, target.Length));
        return order != 0 ? order < 0 : node->Trailer > target.Trailer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PrefixOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        ulong prefix = 0;
        for (int i = 0; i < key.Length; i++)
            prefix |= (ulong)key[i] << (56 - (8 * i));
        return prefix;
    }

    private Node* NewNode(int height, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong trailer)
    {
        int keyOffset = sizeof(Node) + (height * sizeof(Link));
        byte* memory = _arena.Allocate(keyOffset + key.Length + value.Length);
        var node = (Node*)memory;
        node->Trailer = trailer;
        node->ValueLength = value.Length;
        node->KeyLength = (ushort)key.Length;
        node->KeyOffset = (ushort)keyOffset;
        key.CopyTo(new Span<byte>(memory + keyOffset, key.Length));
        value.CopyTo(new Span<byte>(memory + keyOffset + key.Length, value.Length));
        return node;
    }

    private int RandomHeight()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        int height = 1;
        for (ulong bits = _random; height < MaxHeight && (bits & 3) == 0; bits >>= 2)
            height++;
        return height;
    }

    internal struct Link
    {
        internal Node* Target;
        internal ulong Prefix;
    }

    /// <summary>Followed in memory by its links, its key and its value.</summary>
    internal struct Node
    {
        internal ulong Trailer;
        internal int ValueLength;
        internal ushort KeyLength;
        internal ushort KeyOffset;

        internal static Link* Links(Node* node, int level) => (Link*)(node + 1) + level;

        internal static ReadOnlySpan<byte> Key(Node* node) => new((byte*)node + node->KeyOffset, node->KeyLength);

        internal static ReadOnlySpan<byte> Value(Node* node) =>
            new((byte*)node + node->KeyOffset + node->KeyLength, node->ValueLength);
    }

    private ref struct Target
    {
        internal ulong Prefix;
        internal byte* Key;
        internal int Length;
        internal ulong Trailer;
    }
}
