using System.Collections.Immutable;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Registers;

/// <summary>
/// Whose votes decide: a majority of one set of acceptors, or, while a partition moves, of the old set and of the new one.
/// </summary>
public sealed class Electorate
{
    private readonly ImmutableArray<NodeId> _old;
    private readonly ImmutableArray<NodeId> _new;

    private Electorate(ImmutableArray<NodeId> old, ImmutableArray<NodeId> next)
    {
        _old = old;
        _new = next;
        Voters = old == next ? old : [.. old.Union(next)];
    }

    /// <summary>Everybody who is asked, each once.</summary>
    public ImmutableArray<NodeId> Voters { get; }

    /// <summary>The members of one set.</summary>
    public static Electorate Of(ImmutableArray<NodeId> voters) => new(voters, voters);

    /// <summary>The primaries of a partition; fallbacks never vote.</summary>
    public static Electorate Of(PreferenceList list) => new(list.OldPrimaries, list.NewPrimaries);

    /// <summary>Whether these are a majority of each set.</summary>
    public bool IsMajority(IReadOnlySet<NodeId> nodes) => HasMajority(_old, nodes) && HasMajority(_new, nodes);

    /// <summary>Whether a majority can no longer be had once these have said no.</summary>
    public bool IsLostTo(IReadOnlySet<NodeId> refusing) => IsBlocked(_old, refusing) || IsBlocked(_new, refusing);

    private static bool HasMajority(ImmutableArray<NodeId> set, IReadOnlySet<NodeId> nodes) =>
        set.Count(nodes.Contains) >= set.Length / 2 + 1;

    private static bool IsBlocked(ImmutableArray<NodeId> set, IReadOnlySet<NodeId> refusing) =>
        set.Length - set.Count(refusing.Contains) < set.Length / 2 + 1;
}
