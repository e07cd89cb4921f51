using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Handoff;

/// <summary>
/// The receiver's side of one handoff: it drives. It asks, stores batch after batch, and after any silence, loss or restart asks again
/// from the last key on its disk.
/// <para>Owned by the handoff actor; not thread-safe. Its progress is stored with the data it speaks of.</para>
/// Invariants: (1) progress never runs ahead of the data on the disk; (2) batches are taken in order, each once, and each
/// begins where the one before ended, whichever snapshot it is of, and is stored when the one before is; (3) Filled comes only
/// after the last batch is on stable storage; (4) what the source had seen is that of the first snapshot anything was stored from: the
/// keys that came with it were not sent again.
/// </summary>
public sealed class HandoffReceiver(HandoffId handoff, HandoffProgress progress, HandoffOptions options)
{
    private readonly Queue<HandoffEffect.Store> _waiting = [];
    private HandoffProgress _stored = progress;
    private ulong _session;
    private ulong _received;
    private BucketKey? _last = progress.After;
    private VersionVector? _seen = progress.Seen;
    private bool _isFilled;

    /// <summary>Set in tests only.</summary>
    internal PlantedRingBugs Bugs { get; init; }

    /// <summary>Which stream this is.</summary>
    public HandoffId Handoff => handoff;

    /// <summary>Begins, or begins again after a restart; <paramref name="random"/> makes the session's number.</summary>
    public void Start(ulong random, List<HandoffEffect> effects)
    {
        if (_stored.IsComplete)
            Finish(effects);
        else
            Ask(random, effects);
    }

    /// <summary>A message of the source.</summary>
    public void OnMessage(HandoffMessage message, List<HandoffEffect> effects)
    {
        Invariant.Check(message.Handoff == handoff);
        if (message is not HandoffMessage.Batch batch || batch.Session != _session || _isFilled || _waiting.Count == options.Window)
            return;
        if (batch.Number != _received + 1 || batch.After != _last)
            return;
        _received = batch.Number;
        _last = batch.Items.IsEmpty ? _last : batch.Items[^1].Key;
        _seen ??= batch.Seen;
        var progress = new HandoffProgress(_last, batch.IsLast, _seen);
        var store = new HandoffEffect.Store(handoff, batch.Number, batch.After, batch.Items, progress);
        _waiting.Enqueue(store);
        if (_waiting.Count == 1)
            effects.Add(store);
        effects.Add(new HandoffEffect.StartTimer(TimerNumber, options.Patience));
        if (batch.IsLast && Bugs.HasFlag(PlantedRingBugs.HandedOverBeforeDurable))
            Finish(effects);
    }

    /// <summary>A batch and the progress that came with it are on stable storage.</summary>
    public void OnStored(ulong session, ulong number, HandoffProgress progress, List<HandoffEffect> effects)
    {
        if (session != _session)
            return;
        Invariant.Check(_waiting.TryDequeue(out var store) && store.Number == number);
        _stored = progress;
        effects.Add(new HandoffEffect.Send(handoff.Source, new HandoffMessage.Acknowledge(handoff, session, number)));
        if (progress.IsComplete)
            Finish(effects);
        else if (_waiting.TryPeek(out var next))
            effects.Add(next);
    }

    /// <summary>The session that stores belong to.</summary>
    public ulong Session => _session;

    /// <summary>A timer that was asked for has run out.</summary>
    public void OnTimer(ulong number, ulong random, List<HandoffEffect> effects)
    {
        if (number == TimerNumber && !_isFilled && _waiting.Count == 0)
            Ask(random, effects);
        else if (number == TimerNumber && !_isFilled)
            effects.Add(new HandoffEffect.StartTimer(TimerNumber, options.Patience));
    }

    /// <summary>The move is off.</summary>
    public void Cancel(List<HandoffEffect> effects)
    {
        effects.Add(new HandoffEffect.Send(handoff.Source, new HandoffMessage.Cancel(handoff, _session)));
        _session = 0;
    }

    /// <summary>Changes with each session and each batch, so that a timer set before the last of them says nothing.</summary>
    private ulong TimerNumber => unchecked(_session + _received);

    private void Ask(ulong random, List<HandoffEffect> effects)
    {
        _session = random | 1;
        _received = 0;
        _waiting.Clear();
        (_last, _seen) = (_stored.After, _stored.Seen);
        effects.Add(new HandoffEffect.Send(handoff.Source, new HandoffMessage.Request(handoff, _session, _stored.After)));
        effects.Add(new HandoffEffect.StartTimer(TimerNumber, options.Patience));
    }

    private void Finish(List<HandoffEffect> effects)
    {
        if (_isFilled)
            return;
        _isFilled = true;
        effects.Add(new HandoffEffect.Filled(handoff, _seen ?? VersionVector.Empty));
    }
}
