using KvStore.Core.Identity;
using KvStore.Client.Routing;

namespace KvStore.Client.Requests;

/// <summary>
/// One request from its first attempt to its end: whom to ask, when to ask the next one, and when to give up. Pure; one owner.
/// Invariants:
/// <list type="number">
/// <item>It finishes exactly once, by its deadline at the latest.</item>
/// <item>All attempts carry the same request id, so that a write is applied once however often it is sent.</item>
/// <item>An attempt beyond the first is made only while the retry budget allows it.</item>
/// <item>A write that was sent and not answered for is never called not done.</item>
/// </list>
/// </summary>
internal sealed class RequestRun(IReadOnlyList<NodeId> order, RunLimits limits, RetryBudget budget, NodeHealth health, double jitter)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    private readonly List<(NodeId Node, TimeSpan Until)> _open = [];
    private Verdict? _last;
    private TimeSpan? _nextAt;
    private TimeSpan? _hedgeAt;
    private bool _finished;

    /// <summary>How many times nodes were asked.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether the write may have been applied by an attempt that did not say so.</summary>
    public bool MayBeApplied { get; private set; }

    public bool IsFinished => _finished;

    /// <summary>When <see cref="OnDue"/> has something to do.</summary>
    public TimeSpan DueAt
    {
        get
        {
            var due = limits.Deadline;
            foreach (var (_, until) in _open) due = Earlier(due, until);
            return Earlier(Earlier(due, _nextAt ?? due), _hedgeAt ?? due);
        }
    }

    public void Start(TimeSpan now, List<RunEffect> effects)
    {
        budget.OnRequest(now);
        _hedgeAt = limits.HedgeAfter is { } after ? now + after : null;
        Ask(now, effects);
    }

    /// <summary>Begins with a pause.</summary>
    public void StartLater(TimeSpan now, TimeSpan pause)
    {
        budget.OnRequest(now);
        _hedgeAt = limits.HedgeAfter is { } after ? now + pause + after : null;
        _nextAt = now + pause;
    }

    /// <param name="verdict">What came.</param>
    /// <param name="from">The node that it came from, when that is known.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="effects">What to do.</param>
    public void OnAnswer(Verdict verdict, NodeId? from, TimeSpan now, List<RunEffect> effects)
    {
        if (_finished) return;
        var index = from is { } node ? _open.FindIndex(attempt => attempt.Node == node) : -1;
        // An answer that another node has given for the one that was asked is taken for the oldest attempt's.
        if (index < 0) index = 0;
        if (_open.Count > 0)
        {
            health.OnAnswer(_open[index].Node);
            _open.RemoveAt(index);
        }
        _last = verdict;
        MayBeApplied |= verdict.MayBeApplied;
        if (verdict.IsFinal) Finish(effects);
        else TryNext(now, effects, Pause());
    }

    public void OnDue(TimeSpan now, List<RunEffect> effects)
    {
        if (_finished) return;
        var silent = _open.RemoveAll(attempt =>
        {
            if (now < attempt.Until) return false;
            health.OnSilence(attempt.Node, now);
            return true;
        });
        MayBeApplied |= silent > 0;
        if (now >= limits.Deadline)
        {
            MayBeApplied |= _open.Count > 0;
            Finish(effects);
        }
        else if (_nextAt <= now) Ask(now, effects);
        else if (silent > 0) TryNext(now, effects, TimeSpan.Zero);
        else if (_hedgeAt <= now) Hedge(now, effects);
    }

    private void TryNext(TimeSpan now, List<RunEffect> effects, TimeSpan pause)
    {
        if (_open.Count > 0 || _nextAt is not null) return;
        if (Attempts >= limits.MaxAttempts || now + pause >= limits.Deadline || !budget.TrySpend(now)) Finish(effects);
        else if (pause > TimeSpan.Zero) _nextAt = now + pause;
        else Ask(now, effects);
    }

    private void Hedge(TimeSpan now, List<RunEffect> effects)
    {
        _hedgeAt = null;
        if (_open.Count == 1 && order.Count > 1 && Attempts < limits.MaxAttempts && budget.TrySpend(now)) Ask(now, effects);
    }

    private void Ask(TimeSpan now, List<RunEffect> effects)
    {
        _nextAt = null;
        var node = order[Attempts++ % order.Count];
        var until = Earlier(now + limits.AttemptTimeout, limits.Deadline);
        _open.Add((node, until));
        effects.Add(new RunEffect.Send(node, until - now));
    }

    private void Finish(List<RunEffect> effects)
    {
        _finished = true;
        effects.Add(new RunEffect.Finish(_last));
    }

    /// <summary>Doubles from attempt to attempt, and differs between clients.</summary>
    private TimeSpan Pause() => FirstPause * (Math.Pow(2, Math.Min(Attempts - 1, 6)) * (0.5 + jitter));

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
