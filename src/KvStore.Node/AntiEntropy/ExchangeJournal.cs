using KvStore.Core.AntiEntropy;

namespace KvStore.Node.AntiEntropy;

/// <summary>What came of the exchanges that this node took part in. Owner: the anti-entropy actor.</summary>
internal sealed class ExchangeJournal
{
    private readonly SortedDictionary<ExchangePair, Last> _last = [];
    private long _done;
    private long _failed;
    private long _sent;
    private long _received;

    private enum Last : byte
    {
        None,
        Equal,
        Differing,
        Failed,
    }

    public IEnumerable<ExchangePair> Pairs => _last.Keys;

    public void OnPairs(IReadOnlyCollection<ExchangePair> pairs)
    {
        foreach (var gone in _last.Keys.Except(pairs).ToList()) _last.Remove(gone);
        foreach (var pair in pairs) _last.TryAdd(pair, Last.None);
    }

    /// <summary>What was found is not known any more: all is to be compared anew.</summary>
    public void Forget()
    {
        foreach (var pair in _last.Keys.ToList()) _last[pair] = Last.None;
    }

    public void OnEnded(ReplicaExchanges.Ended ended)
    {
        var complete = ended.Outcome == ExchangeEnd.Complete;
        (_done, _failed) = (_done + (complete ? 1 : 0), _failed + (complete ? 0 : 1));
        (_sent, _received) = (_sent + ended.Sent, _received + ended.Received);
        if (!ended.WasOurs || !_last.ContainsKey(ended.Pair)) return;
        _last[ended.Pair] = !complete ? Last.Failed : ended.Sent + ended.Received == 0 ? Last.Equal : Last.Differing;
    }

    public AntiEntropyStatus Status(long tombstones, long reaped) => new(
        _last.Count, Count(Last.Equal), Count(Last.Differing), Count(Last.Failed), _done, _failed, _sent, _received, tombstones, reaped);

    private int Count(Last last) => _last.Values.Count(value => value == last);
}
