namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// The members that may run a singleton, oldest first, and those that may still be running it although they are on their way out.
/// Pure; one owner.
/// <para>A member counts from Up until it is Exiting or Down. From then until it is removed it is a predecessor of all younger ones:
/// it may still run what it ran.</para>
/// </summary>
internal sealed class SingletonMembers(string? role)
{
    private readonly SortedDictionary<UniqueAddress, Member> _candidates = [];
    private readonly SortedDictionary<UniqueAddress, Member> _predecessors = [];

    /// <summary>Who is to run it; null: nobody can.</summary>
    public UniqueAddress? Oldest => _candidates.Values.Min(Member.AgeOrdering)?.UniqueAddress;

    /// <summary>The older ones that are on their way out, by address.</summary>
    public IEnumerable<UniqueAddress> PredecessorsOf(UniqueAddress node) =>
        _predecessors.Keys.Where(other => other != node && IsOlder(other, node));

    public void Reset(IEnumerable<Member> members)
    {
        _candidates.Clear();
        _predecessors.Clear();
        foreach (var member in members) Update(member);
    }

    /// <summary>Takes in what a member has become; one that was said to exit stays so until it is removed.</summary>
    public void Update(Member member)
    {
        if (role is not null && !member.HasRole(role)) return;
        switch (member.Status)
        {
            case MemberStatus.Up or MemberStatus.Leaving when !_predecessors.ContainsKey(member.UniqueAddress):
                _candidates[member.UniqueAddress] = member;
                break;
            case MemberStatus.Exiting or MemberStatus.Down:
                _candidates.Remove(member.UniqueAddress);
                _predecessors[member.UniqueAddress] = member;
                break;
            case MemberStatus.Removed:
                _candidates.Remove(member.UniqueAddress);
                _predecessors.Remove(member.UniqueAddress);
                break;
            default:
                break; // it has never been up, or goes on being what it is
        }
    }

    /// <summary>A member says itself that it is leaving, and knows it first.</summary>
    public void MarkExiting(UniqueAddress node)
    {
        if (_candidates.Remove(node, out var member)) _predecessors[node] = member;
    }

    /// <summary>Did <paramref name="a"/> become Up before <paramref name="b"/>, as far as is known?</summary>
    public bool IsOlder(UniqueAddress a, UniqueAddress b) => Find(a) is { } one && Find(b) is { } other && one.IsOlderThan(other);

    private Member? Find(UniqueAddress node) =>
        _candidates.TryGetValue(node, out var member) || _predecessors.TryGetValue(node, out member) ? member : null;
}
