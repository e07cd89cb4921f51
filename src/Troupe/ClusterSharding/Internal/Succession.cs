using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// How a new coordinator takes over: it asks the members under a term of its own, above all that they have heard of, and the
/// newest state
/// that enough of them hold is its inheritance.
/// <para>Owner: a ShardCoordinator, or a test.</para>
/// Invariant: when it is done, enough members refuse all earlier coordinators, and one of them holds whatever these have told
/// anybody.
/// </summary>
internal sealed class Succession(int self, int majorityPlus, int minimum)
{
    private MemberAnswers _answers = new(majorityPlus, minimum);
    private HomesVersion _newest;

    /// <summary>No two nodes have the same one: the low half is the node's own number.</summary>
    public long Term { get; private set; } = TermOf(1, self);

    public ShardHomes Inherited { get; private set; } = ShardHomes.Empty;

    /// <summary>False when the term is too low: all members are to be asked again, under the new <see cref="Term"/>.</summary>
    public bool OnRead(Address member, ShardingMessage.HomesRead read)
    {
        // Its own term may be one of an earlier life of this coordinator, which has written under it.
        var highest = Math.Max(read.Term, read.Version.Term);
        if (highest > Term || read.Version.Term == Term)
        {
            Term = TermOf((highest >> 32) + 1, self);
            _answers = new MemberAnswers(majorityPlus, minimum);
            return false;
        }
        if (read.Term < Term) return true;
        _answers.Add(member);
        if (read.Version > _newest)
        {
            _newest = read.Version;
            Inherited = read.Homes;
        }
        return true;
    }

    public bool IsDone(IReadOnlyCollection<Address> members) => _answers.AreEnough(members);

    public bool HasAnswered(Address member) => _answers.Has(member);

    private static long TermOf(long number, int self) => number << 32 | (uint)self;
}
