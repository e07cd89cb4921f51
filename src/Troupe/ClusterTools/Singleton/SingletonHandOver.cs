using static Akka.Cluster.Tools.Singleton.ClusterSingletonState;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// When one member of a cluster may run a singleton, and when it must end it. Pure: events in, effects out.
/// <para>Owner: one <see cref="SingletonManagerActor"/>; not thread-safe.</para>
/// Invariants:
/// <list type="number">
/// <item>It starts the singleton only as the oldest member, and only when every member that may still run it has said that it does
/// not, or has been removed for at least the removal margin.</item>
/// <item>A member that has said so never starts it again: only one that leaves is asked, and leaving cannot be taken back.</item>
/// <item>A message to or from another incarnation than the ones that are known changes nothing.</item>
/// </list>
/// </summary>
internal sealed class SingletonHandOver(
    UniqueAddress self, SingletonMembers members, TimeSpan removalMargin, int retriesUntilWarning, SingletonBugs bugs)
{
    private readonly SortedSet<UniqueAddress> _done = [];
    private readonly SortedSet<UniqueAddress> _inMargin = [];
    private readonly SortedSet<UniqueAddress> _askers = [];
    private bool _runs;
    private bool _yielded;
    private bool _removed;
    private int _asks;

    public ClusterSingletonState State { get; private set; } = Start;

    public TimeSpan RemovalMargin => removalMargin;

    /// <summary>True once this node can leave without leaving anything behind.</summary>
    public bool HasNothingToHandOver => !_runs;

    public void OnSnapshot(IEnumerable<Member> snapshot, List<SingletonEffect> effects)
    {
        members.Reset(snapshot);
        State = Younger;
        Consider(effects);
    }

    public void OnMember(Member member, List<SingletonEffect> effects)
    {
        if (State == Start) return;
        members.Update(member);
        Consider(effects);
    }

    /// <summary>
    /// Members that leave are Exiting before, and those that are given up are Down. One that is removed out of another status was
    /// not: it is this node that is a member no more.
    /// </summary>
    public void OnRemoved(Member member, MemberStatus previous, List<SingletonEffect> effects)
    {
        if (State == Start) return;
        var node = member.UniqueAddress;
        _removed |= node == self || previous is not (MemberStatus.Exiting or MemberStatus.Down);
        if (removalMargin > TimeSpan.Zero && members.IsOlder(node, self) && _inMargin.Add(node))
            effects.Add(new SingletonEffect.AwaitMargin(node));
        _done.Remove(node);
        _askers.Remove(node);
        members.Update(member);
        Consider(effects);
    }

    /// <summary>This node's shutdown has come to the point where it hands things over.</summary>
    public void OnSelfExiting(List<SingletonEffect> effects)
    {
        members.MarkExiting(self);
        if (State != Start) Consider(effects);
    }

    public void OnMarginPassed(UniqueAddress removed, List<SingletonEffect> effects)
    {
        _inMargin.Remove(removed);
        Consider(effects);
    }

    public void OnSingletonTerminated(List<SingletonEffect> effects)
    {
        _runs = false;
        if (State is HandingOver or Stopping) Conclude(effects);
        else if (State == WasOldest) Become(End, effects);
    }

    public void OnMessage(SingletonMessage message, List<SingletonEffect> effects)
    {
        if (message.To != self || State == Start) return;
        switch (message)
        {
            case SingletonMessage.HandOverToMe:
                Yield(message.From, effects);
                break;
            case SingletonMessage.HandOverDone:
                if (State == BecomingOldest) _done.Add(message.From);
                Consider(effects);
                break;
            case SingletonMessage.TakeOverFromMe:
                members.MarkExiting(message.From);
                if (State == BecomingOldest) Ask(message.From, effects);
                else Consider(effects);
                break;
            default:
                break; // a hand-over in progress: there is nothing to do but wait
        }
    }

    public void OnRetry(List<SingletonEffect> effects)
    {
        if (State == BecomingOldest)
        {
            foreach (var node in Pending()) Ask(node, effects);
        }
        else if (State == WasOldest && members.Oldest is { } next)
        {
            effects.Add(new SingletonEffect.Send(new SingletonMessage.TakeOverFromMe(self, next)));
        }
        if (++_asks % retriesUntilWarning == 0)
            effects.Add(new SingletonEffect.Warn($"The hand-over has been asked for {_asks} times, and there is no answer ({State})."));
    }

    /// <summary>Goes where the members' ages lead.</summary>
    private void Consider(List<SingletonEffect> effects)
    {
        if (_removed)
        {
            LeaveForGood(effects);
            return;
        }
        var mine = members.Oldest == self;
        switch (State)
        {
            case Younger or BecomingOldest when mine && !_yielded:
                if (Pending().Any() || _inMargin.Count > 0) Become(BecomingOldest, effects);
                else Become(Oldest, effects);
                break;
            case BecomingOldest:
                Become(Younger, effects);
                break;
            case Oldest when !mine:
                Become(members.Oldest is null ? Stopping : WasOldest, effects);
                break;
            case WasOldest when members.Oldest is null:
                Become(Stopping, effects);
                break;
            default:
                break;
        }
    }

    private IEnumerable<UniqueAddress> Pending() => bugs.HasFlag(SingletonBugs.StartsWithoutHandOver)
        ? []
        : members.PredecessorsOf(self).Where(node => !_done.Contains(node));

    private void Become(ClusterSingletonState next, List<SingletonEffect> effects)
    {
        if (next == State) return;
        if (State is BecomingOldest or WasOldest) effects.Add(SingletonEffect.Retry.Stop);
        State = next;
        switch (next)
        {
            case Oldest:
                _runs = true;
                effects.Add(SingletonEffect.StartSingleton.Instance);
                break;
            case BecomingOldest or WasOldest:
                _asks = 0;
                effects.Add(SingletonEffect.Retry.Start);
                OnRetry(effects);
                break;
            case HandingOver or Stopping:
                if (_runs) effects.Add(SingletonEffect.EndSingleton.Instance);
                else Conclude(effects);
                break;
            default:
                break;
        }
    }

    /// <summary>A younger member knows that this one leaves, maybe before it knows it itself.</summary>
    private void Yield(UniqueAddress to, List<SingletonEffect> effects)
    {
        if (to == self) return;
        _yielded = true;
        if (_runs && !bugs.HasFlag(SingletonBugs.SaysDoneTooEarly))
        {
            _askers.Add(to);
            effects.Add(new SingletonEffect.Send(new SingletonMessage.HandOverInProgress(self, to)));
        }
        else
        {
            effects.Add(new SingletonEffect.Send(new SingletonMessage.HandOverDone(self, to)));
        }
        if (State is Oldest or WasOldest) Become(HandingOver, effects);
        else if (State is Younger or BecomingOldest) Become(End, effects);
    }

    /// <summary>It has ended: whoever has asked for it may go ahead.</summary>
    private void Conclude(List<SingletonEffect> effects)
    {
        foreach (var node in _askers) effects.Add(new SingletonEffect.Send(new SingletonMessage.HandOverDone(self, node)));
        _askers.Clear();
        Become(End, effects);
        if (_removed) effects.Add(SingletonEffect.Finish.Instance);
    }

    private void LeaveForGood(List<SingletonEffect> effects)
    {
        if (State is HandingOver or Stopping) return;
        if (_runs)
        {
            Become(Stopping, effects);
            return;
        }
        Become(End, effects);
        effects.Add(SingletonEffect.Finish.Instance);
    }

    private void Ask(UniqueAddress node, List<SingletonEffect> effects) =>
        effects.Add(new SingletonEffect.Send(new SingletonMessage.HandOverToMe(self, node)));
}
