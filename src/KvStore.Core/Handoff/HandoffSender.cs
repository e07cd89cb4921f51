using System.Collections.Immutable;
using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Handoff;

/// <summary>
/// The source's side of one handoff. It keeps nothing over a restart: the receiver asks again from where it is, and gets a new snapshot.
/// That is enough, because writes made after the fence go to the receiver by themselves.
/// <para>Owned by the handoff actor; not thread-safe.</para>
/// Invariants: (1) what is sent was read from a snapshot taken after the source had fenced the handoff's epoch; (2) keys go out in order
/// without a gap; (3) at most a window of batches is unacknowledged; (4) what was taken or read for an earlier request goes into no batch.
/// </summary>
public sealed class HandoffSender(HandoffId handoff, HandoffOptions options)
{
    private VersionVector _seen = VersionVector.Empty;
    private ulong _session;
    private ulong _turn;
    private BucketKey? _after;
    private ulong _sent;
    private ulong _acknowledged;
    private bool _hasSnapshot;
    private bool _isReading;
    private bool _isAtEnd;

    /// <summary>Whether the receiver has acknowledged everything.</summary>
    public bool IsComplete => _isAtEnd && _acknowledged == _sent;

    /// <summary>A message of the receiver.</summary>
    public void OnMessage(HandoffMessage message, List<HandoffEffect> effects)
    {
        Invariant.Check(message.Handoff == handoff);
        switch (message)
        {
            case HandoffMessage.Request request:
                Begin(request, effects);
                break;
            case HandoffMessage.Acknowledge acknowledge when acknowledge.Session == _session:
                OnAcknowledged(acknowledge.Number, effects);
                break;
            case HandoffMessage.Cancel cancel when cancel.Session == _session:
                Stop(effects);
                break;
        }
    }

    /// <summary>The partition is fenced and the snapshot taken.</summary>
    /// <param name="turn">That of the effect which asked for it.</param>
    /// <param name="seen">What the replica had surely seen at that moment: its watermarks and origins.</param>
    /// <param name="effects">What to do.</param>
    public void OnSnapshot(ulong turn, VersionVector seen, List<HandoffEffect> effects)
    {
        if (turn != _turn || _hasSnapshot)
            return;
        _seen = seen;
        _hasSnapshot = true;
        ReadOn(effects);
    }

    /// <summary>The next keys of the snapshot, in order; <paramref name="isEnd"/> when there are no more.</summary>
    public void OnRead(ulong turn, ImmutableArray<HandoffItem> items, bool isEnd, List<HandoffEffect> effects)
    {
        if (turn != _turn || !_isReading)
            return;
        _isReading = false;
        _isAtEnd = isEnd;
        effects.Add(new HandoffEffect.Send(
            handoff.Receiver, new HandoffMessage.Batch(handoff, _session, ++_sent, _after, items, isEnd, _seen)));
        _after = items.IsEmpty ? _after : items[^1].Key;
        ReadOn(effects);
    }

    /// <summary>The move is off, or over.</summary>
    public void Stop(List<HandoffEffect> effects)
    {
        if (_hasSnapshot)
            effects.Add(new HandoffEffect.ReleaseSnapshot(handoff));
        _hasSnapshot = false;
        _isReading = false;
        _session = 0;
        _turn++;
    }

    private void Begin(HandoffMessage.Request request, List<HandoffEffect> effects)
    {
        if (request.Session == _session)
            return;
        Stop(effects);
        _session = request.Session;
        _after = request.After;
        _sent = 0;
        _acknowledged = 0;
        _isAtEnd = false;
        effects.Add(new HandoffEffect.TakeSnapshot(handoff, _turn));
    }

    private void OnAcknowledged(ulong number, List<HandoffEffect> effects)
    {
        _acknowledged = Math.Max(_acknowledged, Math.Min(number, _sent));
        if (IsComplete)
            Stop(effects);
        else
            ReadOn(effects);
    }

    private void ReadOn(List<HandoffEffect> effects)
    {
        if (_isReading || _isAtEnd || !_hasSnapshot || _sent - _acknowledged >= (ulong)options.Window)
            return;
        _isReading = true;
        effects.Add(new HandoffEffect.Read(handoff, _turn, _after, options.BatchBytes));
    }
}
