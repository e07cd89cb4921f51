using Akka.Dispatch.SysMsg;

namespace Akka.Remote.Wire;

/// <summary>
/// System messages that the peer has not acknowledged yet, in order, each with its number. They are sent again on every new
/// connection to the same incarnation, from the first that it has not delivered.
/// <para>Owner: one association.</para>
/// Invariant: numbers are 1, 2, 3, ... without a gap, for the life of the peer's incarnation.
/// </summary>
internal sealed class SystemMessageBuffer
{
    private readonly Queue<Numbered> _unacknowledged = new();
    private ulong _last;

    internal readonly record struct Numbered(ulong Number, ISystemMessage Message, RemoteActorRef Recipient);

    internal int Count => _unacknowledged.Count;

    internal IEnumerable<Numbered> Unacknowledged => _unacknowledged;

    internal Numbered Add(ISystemMessage message, RemoteActorRef recipient)
    {
        var numbered = new Numbered(++_last, message, recipient);
        _unacknowledged.Enqueue(numbered);
        return numbered;
    }

    internal void Acknowledge(ulong upTo)
    {
        while (_unacknowledged.TryPeek(out var oldest) && oldest.Number <= upTo)
            _unacknowledged.Dequeue();
    }

    /// <summary>
    /// For the incarnation that this buffer has counted for, which says that <paramref name="last"/> is the last number that it has
    /// delivered. When what follows is not here any more, the peer has forgotten its caller, and both count anew: what it delivered
    /// and did not acknowledge comes twice, and watching or stopping twice is watching or stopping.
    /// </summary>
    internal void Resume(ulong last)
    {
        var gone = _last - (ulong)_unacknowledged.Count;
        if (last < gone || last > _last)
            Renumber(last);
        else
            Acknowledge(last);
    }

    /// <summary>
    /// For a peer's incarnation that this buffer has not counted for: what waits is numbered from the one after <paramref
    /// name="last"/>,
    /// the last number that the incarnation has delivered. A message meant for an earlier incarnation is harmless to a later
    /// one, as it
    /// names actors by uid.
    /// </summary>
    internal void Renumber(ulong last)
    {
        var waiting = _unacknowledged.ToArray();
        _unacknowledged.Clear();
        _last = last;
        foreach (var (_, message, recipient) in waiting)
            Add(message, recipient);
    }

    /// <summary>Drops what waits. Numbers go on.</summary>
    internal void Clear() => _unacknowledged.Clear();
}
