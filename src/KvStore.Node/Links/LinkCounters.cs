using System.Diagnostics.Metrics;

namespace KvStore.Node.Links;

/// <summary>
/// What the links of one node have carried and refused, all peers together; the same figures go to the meter "KvStore.Links". Any thread.
/// </summary>
public sealed class LinkCounters
{
    private static readonly Meter Meter = new("KvStore.Links");
    private readonly Figure _messages = new("kv.links.messages", "Remote messages sent to peers, acknowledgements on their own among them");
    private readonly Figure _items = new("kv.links.items", "Questions, answers and tells in those messages");
    private readonly Figure _expired = new("kv.links.expired", "Items dropped because nobody waited for them any more; no disk was touched");
    private readonly Figure _refused = new("kv.links.refused", "Items refused at once: too much under way to the peer, or the peer out of reach");
    private readonly Figure _lost = new("kv.links.lost", "Questions whose line broke before an answer");

    /// <summary>Remote messages sent: batches, and acknowledgements that went on their own.</summary>
    public long Messages => _messages.Value;

    /// <summary>Items sent in them.</summary>
    public long Items => _items.Value;

    /// <summary>Items dropped for their age, before they were sent or after.</summary>
    public long Expired => _expired.Value;

    /// <summary>Items refused at once.</summary>
    public long Refused => _refused.Value;

    /// <summary>Questions that ended with their line.</summary>
    public long Lost => _lost.Value;

    internal void OnSent(int items)
    {
        _messages.Add(1);
        _items.Add(items);
    }

    internal void OnExpired(int items) => _expired.Add(items);

    internal void OnRefused() => _refused.Add(1);

    internal void OnLost() => _lost.Add(1);

    private sealed class Figure(string name, string description)
    {
        private readonly Counter<long> _counter = Meter.CreateCounter<long>(name, "{item}", description);
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Add(long value)
        {
            Interlocked.Add(ref _value, value);
            _counter.Add(value);
        }
    }
}
