using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>How one member sees another that it does not see well.</summary>
internal enum Contact : byte
{
    /// <summary>Its heartbeats have not come for too long; they may come again.</summary>
    Lost = 1,

    /// <summary>It is known to be gone for good.</summary>
    Ended = 2,
}

/// <summary>
/// What one member sees of the others: whom it has no contact to. Only the member itself writes it, and each time with a higher
/// version.
/// </summary>
internal sealed record Observation(long Version, ImmutableSortedDictionary<UniqueAddress, Contact> Subjects)
{
    public static readonly Observation None = new(0, ImmutableSortedDictionary<UniqueAddress, Contact>.Empty);
}

/// <summary>
/// Who has lost contact to whom, as far as it is known here: an <see cref="Observation"/> for each member that has ever lost contact
/// to another. An immutable value.
/// <para>Invariant: merging is commutative, associative and idempotent, since of each observer the higher version wins.</para>
/// </summary>
internal sealed class Reachability
{
    public static readonly Reachability Empty = new(ImmutableSortedDictionary<UniqueAddress, Observation>.Empty);

    private ImmutableHashSet<UniqueAddress>? _unreachable;

    public Reachability(ImmutableSortedDictionary<UniqueAddress, Observation> observations) => Observations = observations;

    public ImmutableSortedDictionary<UniqueAddress, Observation> Observations { get; }

    /// <summary>All that somebody has no contact to.</summary>
    public ImmutableHashSet<UniqueAddress> Unreachable =>
        _unreachable ??= [.. Observations.Values.SelectMany(observation => observation.Subjects.Keys)];

    public Contact? Seen(UniqueAddress observer, UniqueAddress subject) =>
        Observations.TryGetValue(observer, out var seen) && seen.Subjects.TryGetValue(subject, out var contact) ? contact : null;

    /// <summary>The observer has lost contact, or (null) has it again. What has ended stays so.</summary>
    public Reachability Set(UniqueAddress observer, UniqueAddress subject, Contact? contact)
    {
        var old = Observations.GetValueOrDefault(observer, Observation.None);
        var known = old.Subjects.TryGetValue(subject, out var before) ? before : (Contact?)null;
        if (known == contact || known == Contact.Ended)
            return this;
        var subjects = contact is { } lost ? old.Subjects.SetItem(subject, lost) : old.Subjects.Remove(subject);
        return new Reachability(Observations.SetItem(observer, new Observation(old.Version + 1, subjects)));
    }

    public Reachability Merge(Reachability other, ClusterBugs bugs = ClusterBugs.None)
    {
        var merged = Observations;
        foreach (var (observer, theirs) in other.Observations)
        {
            if (!merged.TryGetValue(observer, out var ours)
                || (theirs.Version > ours.Version && (bugs & ClusterBugs.OldObservationWins) == 0))
                merged = merged.SetItem(observer, theirs);
        }
        return ReferenceEquals(merged, Observations) ? this : new Reachability(merged);
    }

    /// <summary>Without observers and subjects that are no members.</summary>
    public Reachability OnlyOf(Func<UniqueAddress, bool> isMember)
    {
        var kept = Observations;
        foreach (var (observer, seen) in Observations)
        {
            if (!isMember(observer))
            {
                kept = kept.Remove(observer);
                continue;
            }
            var subjects = seen.Subjects.RemoveRange(seen.Subjects.Keys.Where(subject => !isMember(subject)));
            if (subjects.Count != seen.Subjects.Count)
                kept = kept.SetItem(observer, seen with { Subjects = subjects });
        }
        return ReferenceEquals(kept, Observations) ? this : new Reachability(kept);
    }

    /// <summary>Without what these observers say.</summary>
    public Reachability Without(Func<UniqueAddress, bool> isIgnored)
    {
        var kept = Observations.RemoveRange(Observations.Keys.Where(isIgnored));
        return kept.Count == Observations.Count ? this : new Reachability(kept);
    }
}
