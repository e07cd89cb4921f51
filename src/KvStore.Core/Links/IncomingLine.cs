using System.Buffers;

namespace KvStore.Core.Links;

/// <summary>
/// The messages from one peer process: drops what is too old, puts large messages together, counts the questions that are not answered
/// yet, and remembers what it owes an acknowledgement for. Owner: the <see cref="PeerLink{TAsk}"/>; not thread-safe.
/// <para>Invariants: (1) at most <see cref="LinkOptions.MaxAsks"/> questions are unanswered, and <see cref="LinkOptions.MaxBytes"/> of
/// large messages incomplete; (2) a question is answered at most once, and not after its time; (3) what is incomplete when its time is over is
/// forgotten: its other parts were lost with a line.</para>
/// </summary>
internal sealed class IncomingLine<TAsk>(LinkOptions options)
{
    private readonly PeerAge _age = new(options.MaxDrift);
    private readonly Dictionary<ulong, TimeSpan> _unanswered = [];
    private readonly Dictionary<ulong, (ArrayBufferWriter<byte> Bytes, TimeSpan Until)> _incomplete = [];
    private long _incompleteBytes;

    /// <summary>The highest number received.</summary>
    public ulong Received { get; private set; }

    /// <summary>Whether the peer gathers until it has an acknowledgement.</summary>
    public bool OwesAck { get; set; }

    public int Unanswered => _unanswered.Count;

    /// <summary>Takes a batch: what is to be delivered is added to <paramref name="taken"/>; returns how many were too old.</summary>
    public int OnBatch(LinkBatch batch, TimeSpan now, List<LinkItem> taken, List<LinkEffect<TAsk>> effects)
    {
        if (batch.Number > Received)
            Received = batch.Number;
        OwesAck |= batch.WantsAck;
        var sendersNow = batch.SentAt + _age.OnReceived(batch.SentAt, now);
        var expired = 0;
        foreach (var item in batch.Items)
        {
            if (item.Due <= sendersNow)
                expired += Drop(item);
            else if (item.Kind == LinkItemKind.Part)
                Keep(item, now + Left(item, sendersNow));
            else if (Complete(item) is { } whole && Admit(batch, whole, now, sendersNow, effects))
                taken.Add(whole);
        }

        return expired;
    }

    /// <summary>This question is being answered; false when it was, or when its time is over.</summary>
    public bool TryAnswer(ulong correlation) => _unanswered.Remove(correlation);

    /// <summary>Forgets questions that nobody waits for any more, and messages whose time is over before they were whole.</summary>
    public void Expire(TimeSpan now)
    {
        foreach (var over in _unanswered.Where(question => question.Value <= now).Select(question => question.Key).ToList())
            _unanswered.Remove(over);
        foreach (var over in _incomplete.Where(message => message.Value.Until <= now).Select(message => message.Key).ToList())
            Forget(over);
    }

    private bool Admit(LinkBatch batch, LinkItem item, TimeSpan now, TimeSpan sendersNow, List<LinkEffect<TAsk>> effects)
    {
        if (item.Kind != LinkItemKind.Ask)
            return true;
        if (_unanswered.Count >= options.MaxAsks)
        {
            effects.Add(new LinkEffect<TAsk>.Overload(new LinkQuestion(batch.Process, item.Correlation), item.Body));
            return false;
        }

        _unanswered[item.Correlation] = now + Left(item, sendersNow);
        return true;
    }

    private TimeSpan Left(LinkItem item, TimeSpan sendersNow) =>
        TimeSpan.FromTicks(Math.Min((item.Due - sendersNow).Ticks, options.MaxWait.Ticks));

    private void Keep(LinkItem part, TimeSpan until)
    {
        if (part.Offset == 0 && _incompleteBytes + part.Body.Length <= options.MaxBytes)
        {
            Forget(part.Correlation);
            _incomplete[part.Correlation] = (new ArrayBufferWriter<byte>(2 * part.Body.Length), until);
        }

        if (!_incomplete.TryGetValue(part.Correlation, out var message))
            return;
        var bytes = message.Bytes;
        if (bytes.WrittenCount != part.Offset || _incompleteBytes + part.Body.Length > options.MaxBytes)
        {
            Forget(part.Correlation);
            return;
        }

        bytes.Write(part.Body.Span);
        _incompleteBytes += part.Body.Length;
    }

    /// <summary>The whole message, or null when a part of it is missing.</summary>
    private LinkItem? Complete(LinkItem item)
    {
        if (item.PartsOf == 0)
            return item;
        if (!_incomplete.TryGetValue(item.PartsOf, out var message) || message.Bytes.WrittenCount != item.Offset)
            return null;
        var bytes = message.Bytes;
        Forget(item.PartsOf);
        bytes.Write(item.Body.Span);
        return LinkItem.Of(item.Kind, item.Correlation, item.Due, bytes.WrittenMemory);
    }

    private int Drop(LinkItem item)
    {
        Forget(item.Kind == LinkItemKind.Part ? item.Correlation : item.PartsOf);
        return item.Kind == LinkItemKind.Part ? 0 : 1;
    }

    private void Forget(ulong parts)
    {
        if (_incomplete.Remove(parts, out var message))
            _incompleteBytes -= message.Bytes.WrittenCount;
    }
}
