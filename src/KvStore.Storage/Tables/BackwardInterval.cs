
namespace KvStore.Storage.Tables;

/// <summary>
/// The entries of one restart interval with their whole keys, for a <see cref="BlockCursor"/> that walks back. Made only for
/// cursors that do; its buffers are reused.
/// </summary>
internal sealed unsafe class BackwardInterval
{
    private readonly List<Item> _items = [];
    private byte[] _keys = new byte[1024];
    private int _keysLength;
    private int _here;

    public void Clear()
    {
        _items.Clear();
        _keysLength = 0;
    }

    /// <summary>Adds the next entry of the interval and stands on it.</summary>
    public void Append(byte* at, BlockEntry entry, ReadOnlySpan<byte> key)
    {
        if (_keysLength + key.Length > _keys.Length)
            Array.Resize(ref _keys, Math.Max(_keysLength + key.Length, _keys.Length * 2));
        key.CopyTo(_keys.AsSpan(_keysLength));
        _here = _items.Count;
        _items.Add(new Item(at, entry, _keysLength, key.Length));
        _keysLength += key.Length;
    }

    /// <summary>Steps to the entry before <paramref name="here"/>; false when that is not where this stands, or there is
    /// none.</summary>
    public bool TryStepBack(byte* here, out byte* before)
    {
        before = null;
        if (_items.Count == 0 || _items[_here].At != here || _here == 0)
            return false;
        before = _items[--_here].At;
        return true;
    }

    /// <summary>Gives the entry it stands on and copies its key.</summary>
    public void Load(out BlockEntry entry, byte[] key, out int keyLength)
    {
        Item item = _items[_here];
        entry = item.Entry;
        keyLength = item.KeyLength;
        // The cursor had this key in its buffer when it was appended, so it fits.
        _keys.AsSpan(item.KeyAt, item.KeyLength).CopyTo(key);
    }

    private readonly struct Item(byte* at, BlockEntry entry, int keyAt, int keyLength)
    {
        public readonly byte* At = at;
        public readonly BlockEntry Entry = entry;
        public readonly int KeyAt = keyAt;
        public readonly int KeyLength = keyLength;
    }
}
