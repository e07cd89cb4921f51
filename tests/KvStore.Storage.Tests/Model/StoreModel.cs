using KvStore.Storage.Format;

namespace KvStore.Storage.Tests.Model;

/// <summary>
/// What a store should hold: a sorted dictionary, and for every write that a crash may still take back, how to undo it.
/// </summary>
public sealed class StoreModel
{
    private readonly SortedDictionary<byte[], byte[]> _entries = new(ByteOrder.Instance);
    private readonly List<(SequenceNumber Last, List<(byte[] Key, byte[]? Former)> Undo)> _writes = [];

    public IReadOnlyDictionary<byte[], byte[]> Entries => _entries;

    public SequenceNumber Last { get; private set; }

    /// <summary>Every write up to this number must survive a crash.</summary>
    public SequenceNumber MustSurvive { get; private set; }

    public void Apply(SequenceNumber last, bool durable,
        params IEnumerable<(ValueKind Kind, byte[] Key, byte[] Value)> operations)
    {
        var undo = new List<(byte[], byte[]?)>();
        foreach ((ValueKind kind, byte[] key, byte[] value) in operations)
        {
            if (kind != ValueKind.RangeDelete)
                Set(key, kind == ValueKind.Put ? value : null, undo);
            else
            {
                foreach (byte[] covered in Range(key, value).ToList())
                    Set(covered, null, undo);
            }
        }

        Last = last;
        _writes.Add((last, undo));
        if (durable)
            AllDurable();
    }

    public void AllDurable()
    {
        MustSurvive = Last;
        _writes.Clear();
    }

    /// <summary>Goes back to what it was after a write; false: no write ended there.</summary>
    public bool TryGoBackTo(SequenceNumber last)
    {
        if (last != Last && last != MustSurvive && !_writes.Exists(write => write.Last == last))
            return false;
        while (_writes.Count > 0 && _writes[^1].Last > last)
        {
            List<(byte[] Key, byte[]? Former)> undo = _writes[^1].Undo;
            for (int i = undo.Count - 1; i >= 0; i--)
            {
                if (undo[i].Former is { } former)
                    _entries[undo[i].Key] = former;
                else
                    _entries.Remove(undo[i].Key);
            }

            _writes.RemoveAt(_writes.Count - 1);
        }

        Last = last;
        AllDurable();
        return true;
    }

    public byte[]? Get(byte[] key) => _entries.GetValueOrDefault(key);

    public List<KeyValuePair<byte[], byte[]>> Copy() => [.. _entries];

    private IEnumerable<byte[]> Range(byte[] begin, byte[] end) => _entries.Keys
        .SkipWhile(key => ByteOrder.Instance.Compare(key, begin) < 0)
        .TakeWhile(key => ByteOrder.Instance.Compare(key, end) < 0);

    private void Set(byte[] key, byte[]? value, List<(byte[], byte[]?)> undo)
    {
        undo.Add((key, _entries.GetValueOrDefault(key)));
        if (value is null)
            _entries.Remove(key);
        else
            _entries[key] = value;
    }
}
