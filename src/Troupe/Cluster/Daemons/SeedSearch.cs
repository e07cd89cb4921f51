using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Daemons;

/// <summary>
/// The way to a first contact: ask all seed nodes, and join by the first that is a member. Only the first seed node may decide that
/// there is no cluster yet, so that two never do.
/// </summary>
internal sealed class SeedSearch(ImmutableList<Address> seeds, Address self)
{
    private ImmutableList<Address> _left = seeds.RemoveAll(self.Equals);

    public ImmutableList<Address> Seeds { get; } = seeds;

    /// <summary>May this node form a cluster by itself, when nobody else has one?</summary>
    public bool IsFirst { get; } = seeds.Count > 0 && seeds[0].Equals(self);

    public IReadOnlyList<Address> ToAsk => _left;

    /// <summary>All others have said that they are no members (there may be no others).</summary>
    public bool NobodyIsLeft => _left.IsEmpty;

    /// <summary>This seed is no member. The first seed node does not ask it again; others do, for it may become one.</summary>
    public void Refused(Address seed)
    {
        if (IsFirst)
            _left = _left.RemoveAll(seed.Equals);
    }
}
