using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Memory;

namespace KvStore.Storage;

/// <summary>
/// Walks the keys of a store in order, both ways, as they were when it was made. One thread at a time; a step allocates nothing
/// once its buffers have grown. It pins the files that it reads: dispose it soon.
/// </summary>
public sealed class StoreIterator : IDisposable
{
    private readonly StoreCounters _counters;
    private readonly ReadView _view;
    private readonly InternalIterator _entries;
    private readonly RangeTombstoneSet _ranges;
    private readonly SequenceNumber _snapshot;
    private readonly byte[]? _lower;
    private readonly byte[]? _upper;
    private byte[] _key = new byte[64];
    private int _keyLength;
    private byte[] _value = [];
    private int _valueLength;
    private bool _backward;
    private bool _disposed;

    internal StoreIterator(
        StoreCounters counters,
        ReadView view,
        InternalIterator entries,
        RangeTombstoneSet ranges,
        SequenceNumber snapshot,
        byte[]? lower,
        byte[]? upper)
    {
        _counters = counters;
        Interlocked.Increment(ref counters.OpenIterators);
        _view = view;
        _entries = entries;
        _ranges = ranges;
        _snapshot = snapshot;
        _lower = lower;
        _upper = upper;
    }

    /// <summary>False before the first seek, and past either end.</summary>
    public bool Valid { get; private set; }

    /// <summary>The key here, until the iterator moves.</summary>
    public ReadOnlySpan<byte> Key => Valid ? _key.AsSpan(0, _keyLength) : throw NotValid();

    /// <summary>The value here, until the iterator moves.</summary>
    public ReadOnlySpan<byte> Value => !Valid ? throw NotValid() : _backward ? _value.AsSpan(0, _valueLength) : _entries.Value;

    public void SeekToFirst()
    {
        _backward = false;
        if (_lower is null)
            _entries.SeekToFirst();
        else
            SeekEntries(_lower);
        FindForward(skipping: false);
    }

    public void SeekToLast()
    {
        _backward = true;
        if (_upper is null)
            _entries.SeekToLast();
        else
            MoveBefore(_upper);
        FindBackward();
    }

    /// <summary>To the first key at or after this one.</summary>
    public void Seek(ReadOnlySpan<byte> key)
    {
        _backward = false;
        SeekEntries(_lower is not null && key.SequenceCompareTo(_lower) < 0 ? _lower : key);
        FindForward(skipping: false);
    }

    /// <summary>To the last key at or before this one.</summary>
    public void SeekForPrev(ReadOnlySpan<byte> key)
    {
        if (_upper is not null && key.SequenceCompareTo(_upper) >= 0)
        {
            SeekToLast();
            return;
        }

        Seek(key);
        if (Valid && Key.SequenceEqual(key))
            return;
        _backward = true;
        MoveBefore(key);
        FindBackward();
    }

    public void Next()
    {
        if (!Valid)
            throw NotValid();
        if (!_backward)
            _entries.Next();
        else
        {
            _backward = false;
            if (_entries.Valid)
                _entries.Next();
            else
                _entries.SeekToFirst();
        }

        FindForward(skipping: true);
    }

    public void Prev()
    {
        if (!Valid)
            throw NotValid();
        if (!_backward)
        {
            _backward = true;
            while (_entries.Valid && InternalKey.UserKey(_entries.Key).SequenceCompareTo(_key.AsSpan(0, _keyLength)) >= 0)
                _entries.Prev();
        }

        FindBackward();
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Valid = false;
        _entries.Dispose();
        Interlocked.Decrement(ref _counters.OpenIterators);
        _view.Release();
    }

    private static InvalidOperationException NotValid() => new("The iterator is at no key: look at Valid first.");

    /// <summary>To the next key that has a value, from here on.</summary>
    /// <param name="skipping">Entries of the remembered key are passed over.</param>
    private void FindForward(bool skipping)
    {
        for (; _entries.Valid; _entries.Next())
        {
            ReadOnlySpan<byte> internalKey = _entries.Key;
            ReadOnlySpan<byte> userKey = InternalKey.UserKey(internalKey);
            if (skipping && userKey.SequenceEqual(_key.AsSpan(0, _keyLength)))
                continue;
            if (_upper is not null && userKey.SequenceCompareTo(_upper) >= 0)
                break;
            ulong trailer = InternalKey.Trailer(internalKey);
            if (trailer >> 8 > _snapshot.Value)
                continue;
            RememberKey(userKey);
            if (!IsDeleted(userKey, trailer))
            {
                Valid = true;
                return;
            }

            skipping = true;
        }

        Valid = false;
    }

    /// <summary>To the previous key that has a value, from here on; leaves the entries before all of that key's.</summary>
    private void FindBackward()
    {
        bool found = false;
        for (; _entries.Valid; _entries.Prev())
        {
            ReadOnlySpan<byte> userKey = InternalKey.UserKey(_entries.Key);
            bool another = !found || !userKey.SequenceEqual(_key.AsSpan(0, _keyLength));
            if (found && another)
                break;
            if (_lower is not null && userKey.SequenceCompareTo(_lower) < 0)
                break;
            ulong trailer = InternalKey.Trailer(_entries.Key);
            if (trailer >> 8 > _snapshot.Value)
                continue;
            RememberKey(userKey);
            found = !IsDeleted(userKey, trailer);
            if (found)
                RememberValue(_entries.Value);
        }

        Valid = found;
    }

    private bool IsDeleted(ReadOnlySpan<byte> userKey, ulong trailer) =>
        (ValueKind)(byte)trailer == ValueKind.Delete
        || (!_ranges.IsEmpty && _ranges.Covering(userKey, _snapshot).Value > trailer >> 8);

    private void SeekEntries(ReadOnlySpan<byte> userKey)
    {
        Span<byte> target = userKey.Length <= 256
            ? stackalloc byte[256 + InternalKey.TrailerSize] : new byte[userKey.Length + InternalKey.TrailerSize];
        _entries.Seek(target[..InternalKey.Write(target, userKey, _snapshot, ValueKind.Lookup)]);
    }

    /// <summary>To the last entry of a key before this one.</summary>
    private void MoveBefore(ReadOnlySpan<byte> userKey)
    {
        SeekEntries(userKey);
        if (!_entries.Valid)
            _entries.SeekToLast();
        while (_entries.Valid && InternalKey.UserKey(_entries.Key).SequenceCompareTo(userKey) >= 0)
            _entries.Prev();
    }

    private void RememberKey(ReadOnlySpan<byte> userKey)
    {
        if (userKey.Length > _key.Length)
            _key = new byte[userKey.Length * 2];
        userKey.CopyTo(_key);
        _keyLength = userKey.Length;
    }

    private void RememberValue(ReadOnlySpan<byte> value)
    {
        if (value.Length > _value.Length)
            _value = new byte[Math.Max(256, value.Length * 2)];
        value.CopyTo(_value);
        _valueLength = value.Length;
    }
}
