using Troupe.Platform;

namespace Akka.Actor.Internal;

/// <summary>What a cell waits for until its dying children are gone.</summary>
internal enum ChildrenWait
{
    None,
    Creation,
    Recreation,
    Termination,
    Terminated,
}

/// <summary>
/// The children of one actor, in the order in which they were started, and what waits for the dying ones among them.
/// <para>Owner: the parent's cell. Thread rule: any thread (a lock): guardians get children from everywhere, selections look in
/// from everywhere.</para>
/// Invariants:
/// <list type="number">
/// <item>A name is taken from its reservation until its actor has stopped.</item>
/// <item>After termination began no name is reserved any more.</item>
/// <item>Up to <see cref="FewChildren"/> there is no dictionary.</item>
/// </list>
/// </summary>
internal sealed class ChildrenContainer
{
    private const int FewChildren = 8;

    private readonly Lock _gate = new();
    private Dictionary<string, ChildRestartStats>? _byName;
    private ChildRestartStats? _first;
    private ChildRestartStats? _last;
    private int _count;
    private int _dying;
    private ChildrenWait _waitingFor;

    public ChildrenWait WaitingFor => _waitingFor;

    public Exception? RecreationCause { get; private set; }

    public int Count => _count;

    public ChildRestartStats Reserve(string name, IActorRef parent)
    {
        lock (_gate)
        {
            if (_waitingFor is ChildrenWait.Termination or ChildrenWait.Terminated)
                throw new InvalidOperationException(
                    $"Cannot create child while terminating or terminated: {parent} gets no child [{name}].");
            if (Lookup(name) is not null)
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique! {parent} has a child of that name.");
            var stats = new ChildRestartStats(name);
            Append(stats);
            return stats;
        }
    }

    public void Fill(ChildRestartStats stats, IInternalActorRef child, IClock clock)
    {
        lock (_gate)
        {
            stats.Fill(child, clock);
            if (_waitingFor is not (ChildrenWait.Termination or ChildrenWait.Terminated)) return;
        }

        throw new InvalidOperationException($"{child} was not started: its parent began to terminate meanwhile.");
    }

    public void Unreserve(ChildRestartStats stats)
    {
        lock (_gate) Unlink(stats);
    }

    public ChildRestartStats? Find(string name)
    {
        lock (_gate) return Lookup(name) is { IsReserved: false } stats ? stats : null;
    }

    public ChildRestartStats? Find(IActorRef child)
    {
        lock (_gate) return Lookup(child.Path.Name) is { } stats && stats.Child.Equals(child) ? stats : null;
    }

    public IActorRef[] Refs()
    {
        lock (_gate)
        {
            if (_count == 0) return [];
            var refs = new IActorRef[CountFilled()];
            var i = 0;
            for (var stats = _first; stats is not null; stats = stats.Next)
            {
                if (!stats.IsReserved) refs[i++] = stats.Child;
            }

            return refs;
        }
    }

    public ChildRestartStats[] Stats()
    {
        lock (_gate)
        {
            if (_count == 0) return [];
            var all = new ChildRestartStats[CountFilled()];
            var i = 0;
            for (var stats = _first; stats is not null; stats = stats.Next)
            {
                if (!stats.IsReserved) all[i++] = stats;
            }

            return all;
        }
    }

    public void MarkDying(IActorRef child)
    {
        lock (_gate)
        {
            if (Lookup(child.Path.Name) is not { Dying: false } stats || !stats.Child.Equals(child)) return;
            stats.Dying = true;
            _dying++;
        }
    }

    /// <summary>True: dying children are left, so what was asked for waits. False: go on at once.</summary>
    public bool Await(ChildrenWait what, Exception? recreationCause)
    {
        lock (_gate)
        {
            _waitingFor = what;
            RecreationCause = recreationCause;
            if (_dying > 0) return true;
            if (what is not ChildrenWait.Termination) _waitingFor = ChildrenWait.None;
            return false;
        }
    }

    public void SetTerminated()
    {
        lock (_gate) _waitingFor = ChildrenWait.Terminated;
    }

    /// <summary>Forgets a child that has stopped; says what can go on now, since it was the last that was dying.</summary>
    public ChildrenWait Remove(IActorRef child)
    {
        lock (_gate)
        {
            if (Lookup(child.Path.Name) is not { } stats || !stats.Child.Equals(child)) return ChildrenWait.None;
            Unlink(stats);
            if (!stats.Dying || --_dying > 0) return ChildrenWait.None;
            var ready = _waitingFor;
            if (ready is not (ChildrenWait.Termination or ChildrenWait.Terminated)) _waitingFor = ChildrenWait.None;
            return ready is ChildrenWait.Terminated ? ChildrenWait.None : ready;
        }
    }

    private int CountFilled()
    {
        var filled = 0;
        for (var stats = _first; stats is not null; stats = stats.Next) filled += stats.IsReserved ? 0 : 1;
        return filled;
    }

    private ChildRestartStats? Lookup(string name)
    {
        if (_byName is not null) return _byName.GetValueOrDefault(name);
        for (var stats = _first; stats is not null; stats = stats.Next)
        {
            if (stats.Name == name) return stats;
        }

        return null;
    }

    private void Append(ChildRestartStats stats)
    {
        stats.Previous = _last;
        if (_last is null) _first = stats;
        else _last.Next = stats;
        _last = stats;
        if (++_count > FewChildren && _byName is null)
        {
            _byName = new Dictionary<string, ChildRestartStats>(StringComparer.Ordinal);
            for (var each = _first; each is not null; each = each.Next) _byName[each!.Name] = each;
        }
        else
        {
            _byName?.Add(stats.Name, stats);
        }
    }

    private void Unlink(ChildRestartStats stats)
    {
        if (stats.Previous is null) _first = stats.Next;
        else stats.Previous.Next = stats.Next;
        if (stats.Next is null) _last = stats.Previous;
        else stats.Next.Previous = stats.Previous;
        stats.Previous = stats.Next = null;
        _byName?.Remove(stats.Name);
        _count--;
    }
}
