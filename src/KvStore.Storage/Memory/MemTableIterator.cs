using System.Buffers.Binary;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;

namespace KvStore.Storage.Memory;

/// <summary>Walks a memtable while it may still grow; entries added behind the cursor are not seen.</summary>
internal sealed unsafe class MemTableIterator(SkipList entries) : InternalIterator
{
    private SkipList.Node* _node;
    private byte[] _key = new byte[64];
    private int _keyLength;

    public override bool Valid => _node != null;

    public override ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    public override ReadOnlySpan<byte> Value => SkipList.Node.Value(_node);

    public override void SeekToFirst() => MoveTo(entries.First);

    public override void SeekToLast() => MoveTo(entries.Last());

    public override void Seek(ReadOnlySpan<byte> internalKey) =>
        MoveTo(entries.Seek(InternalKey.UserKey(internalKey), InternalKey.Trailer(internalKey)));

    public override void Next() => MoveTo(SkipList.NextOf(_node));

    public override void Prev() => MoveTo(entries.SeekBefore(SkipList.Node.Key(_node), _node->Trailer));

    public override void Dispose() => _node = null;

    private void MoveTo(SkipList.Node* node)
    {
        _node = node;
        if (node == null)
            return;
        ReadOnlySpan<byte> userKey = SkipList.Node.Key(node);
        _keyLength = userKey.Length + InternalKey.TrailerSize;
        if (_keyLength > _key.Length)
            _key = new byte[_keyLength * 2];
        userKey.CopyTo(_key);
        BinaryPrimitives.WriteUInt64LittleEndian(_key.AsSpan(userKey.Length), node->Trailer);
    }
}
