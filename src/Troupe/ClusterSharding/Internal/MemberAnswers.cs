using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// Counts which members have answered, against how many must: a majority and some more, at least a minimum, never more than there
/// are.
/// A member that nobody can reach counts until it is removed.
/// </summary>
internal sealed class MemberAnswers(int majorityPlus, int minimum)
{
    private readonly HashSet<Address> _answered = [];

    public void Add(Address member) => _answered.Add(member);

    public bool Has(Address member) => _answered.Contains(member);

    /// <summary>Never without a member: a node that sees none knows nothing.</summary>
    public bool AreEnough(IReadOnlyCollection<Address> members) =>
        members.Count > 0 && members.Count(_answered.Contains) >= Needed(members.Count, majorityPlus, minimum);

    public static int Needed(int members, int majorityPlus, int minimum) =>
        Math.Min(members, Math.Max(members / 2 + 1 + majorityPlus, minimum));
}
