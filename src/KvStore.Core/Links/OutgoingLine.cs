using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace KvStore.Core.Links;

/// <summary>
/// The messages to one peer: sent at once while the line is idle, gathered while batches are in flight, and bounded. Owner: the
/// <see cref="PeerLink{TAsk}"/>; not thread-safe.
/// <para>Invariants: (1) at most <see cref="LinkOptions.MaxAsks"/> questions wait, and <see cref="LinkOptions.MaxBytes"/> are queued
/// or in flight; (2) nothing is gathered for longer than <see cref="LinkOptions.MaxGather"/>: a lost acknowledgement delays, it does
/// not stop; (3) a question ends once: answered, failed or past its time; (4) a large message holds up no small one for longer than
/// one part takes.</para>
/// </summary>
/// <param name="options">Bounds and times.</param>
/// <param name="restarts">
/// How often this process has lost the line's state: no number is given twice in one process, so that no late answer meets another question.
/// </param>
internal sealed class OutgoingLine<TAsk>(LinkOptions options, uint restarts)
{
    private readonly Queue<LinkItem> _whole = new();
    private readonly Queue<LinkItem> _parts = new();
    private readonly Queue<(ulong Number, int Bytes)> _inFlight = new();
    private readonly Dictionary<ulong, Waiting> _asks = [];
    private ulong _lastNumber = (ulong)restarts << 40;
    private ulong _lastCorrelation = (ulong)restarts << 40;
    private ulong _lastParts = (ulong)restarts << 40;
    private long _queuedBytes;
    private int _wholeBytes;
    private long _inFlightBytes;
    private TimeSpan? _gatheringSince;

    public int Asks => _asks.Count;

    public bool IsEmpty => _whole.Count == 0 && _parts.Count == 0;

    public bool HasRoom(int bytes) => _queuedBytes + _inFlightBytes + bytes + LinkItem.Overhead <= options.MaxBytes;

    public bool HasRoomForAsk(int bytes) => _asks.Count < options.MaxAsks && HasRoom(bytes);

    public void Ask(TAsk ask, TimeSpan due, ReadOnlyMemory<byte> body)
    {
        var correlation = ++_lastCorrelation;
        _asks.Add(correlation, new Waiting { Ask = ask, Due = due });
        Enqueue(LinkItem.Of(LinkItemKind.Ask, correlation, due, body));
    }

    public void Enqueue(LinkItem item)
    {
        if (item.Body.Length <= options.MaxBatchBytes)
        {
            _whole.Enqueue(item);
            _wholeBytes += item.Size;
            _queuedBytes += item.Size;
            return;
        }

        var id = ++_lastParts;
        for (var offset = 0; offset < item.Body.Length; offset += options.MaxBatchBytes)
        {
            var length = Math.Min(options.MaxBatchBytes, item.Body.Length - offset);
            var bytes = item.Body.Slice(offset, length);
            var part = offset + length < item.Body.Length
                ? new LinkItem(LinkItemKind.Part, id, item.Due, 0, offset, bytes)
                : item with { PartsOf = id, Offset = offset, Body = bytes };
            _parts.Enqueue(part);
            _queuedBytes += part.Size;
        }
    }

    /// <summary>The next batch to send now, its number, and whether it asks for an acknowledgement; null to go on gathering.</summary>
    public (ulong Number, bool WantsAck, ImmutableArray<LinkItem> Items)? Next(TimeSpan now, ref int expired)
    {
        while (!IsEmpty)
        {
            if (!MaySend(now))
            {
                _gatheringSince ??= now;
                return null;
            }

            var items = Take(now, ref expired, out var bytes);
            if (items.IsEmpty)
                continue;
            _inFlight.Enqueue((++_lastNumber, bytes));
            _inFlightBytes += bytes;
            return (_lastNumber, _inFlight.Count >= options.MaxInFlight, items);
        }

        _gatheringSince = null;
        return null;
    }

    /// <summary>When gathering has lasted long enough; null when nothing is gathered.</summary>
    public TimeSpan? GatherUntil => _gatheringSince + options.MaxGather;

    /// <summary>The peer has received every batch up to this one.</summary>
    public void OnAcknowledged(ulong number)
    {
        while (_inFlight.TryPeek(out var first) && first.Number <= number)
            _inFlightBytes -= _inFlight.Dequeue().Bytes;
    }

    /// <summary>An answer came: who waits for it, if anybody still does.</summary>
    public bool TryEnd(ulong correlation, out TAsk? ask)
    {
        var found = _asks.Remove(correlation, out var waiting);
        ask = found ? waiting.Ask : default;
        return found;
    }

    /// <summary>Forgets the questions whose time is over: their askers know it themselves.</summary>
    public int Expire(TimeSpan now)
    {
        var over = _asks.Where(ask => ask.Value.Due <= now).Select(ask => ask.Key).ToList();
        over.ForEach(correlation => _asks.Remove(correlation));
        return over.Count;
    }

    /// <summary>The line broke: what was sent is lost, or its answer is; what is whole in the queue can go out on the next one.</summary>
    public void Break(List<LinkEffect<TAsk>> effects)
    {
        _inFlight.Clear();
        _inFlightBytes = 0;
        Fail(ask => ask.Sent, effects);
        foreach (var part in _parts)
        {
            _queuedBytes -= part.Size;
            if (part.Kind == LinkItemKind.Ask && TryEnd(part.Correlation, out var ask))
                effects.Add(new LinkEffect<TAsk>.Failed(ask!, WasSent: false));
        }

        _parts.Clear();
    }

    /// <summary>There will be no line for a while: nothing waits for it.</summary>
    public void Clear(List<LinkEffect<TAsk>> effects)
    {
        Break(effects);
        _whole.Clear();
        (_wholeBytes, _queuedBytes, _gatheringSince) = (0, 0, null);
        Fail(_ => true, effects);
    }

    private bool MaySend(TimeSpan now) =>
        _inFlight.Count < options.MaxInFlight
        || _wholeBytes >= options.MaxBatchBytes
        || _whole.Count >= options.MaxBatchItems
        || GatherUntil <= now;

    /// <summary>Small messages up to the limits, and one part of a large one.</summary>
    private ImmutableArray<LinkItem> Take(TimeSpan now, ref int expired, out int bytes)
    {
        var items = ImmutableArray.CreateBuilder<LinkItem>(Math.Min(options.MaxBatchItems, _whole.Count) + Math.Min(1, _parts.Count));
        bytes = 0;
        while (items.Count < options.MaxBatchItems && _whole.TryPeek(out var item) && (bytes == 0 || bytes + item.Size <= options.MaxBatchBytes))
        {
            _whole.Dequeue();
            _wholeBytes -= item.Size;
            _queuedBytes -= item.Size;
            if (item.Due <= now)
                expired++;
            else
                Add(items, item, ref bytes);
            if (item.Kind == LinkItemKind.Ask)
                MarkSent(item.Correlation, isOver: item.Due <= now);
        }

        if (_parts.TryDequeue(out var part))
        {
            _queuedBytes -= part.Size;
            Add(items, part, ref bytes);
            if (part.Kind == LinkItemKind.Ask)
                MarkSent(part.Correlation, isOver: false);
        }

        _gatheringSince = IsEmpty ? null : now;
        return items.DrainToImmutable();
    }

    private static void Add(ImmutableArray<LinkItem>.Builder items, LinkItem item, ref int bytes)
    {
        items.Add(item);
        bytes += item.Size;
    }

    private void MarkSent(ulong correlation, bool isOver)
    {
        if (isOver)
            _asks.Remove(correlation);
        ref var ask = ref CollectionsMarshal.GetValueRefOrNullRef(_asks, correlation);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref ask))
            ask.Sent = true;
    }

    private void Fail(Func<Waiting, bool> isLost, List<LinkEffect<TAsk>> effects)
    {
        foreach (var (correlation, ask) in _asks.Where(ask => isLost(ask.Value)).OrderBy(ask => ask.Key).ToList())
        {
            _asks.Remove(correlation);
            effects.Add(new LinkEffect<TAsk>.Failed(ask.Ask, ask.Sent));
        }
    }

    private struct Waiting
    {
        public TAsk Ask { get; init; }

        public TimeSpan Due { get; init; }

        public bool Sent { get; set; }
    }
}
