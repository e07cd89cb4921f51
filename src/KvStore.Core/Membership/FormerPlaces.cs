using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Membership;

/// <summary>
/// At which places (HOST:PORT) nobody of the ring is any more: what the ring has let go of, and where a node was before it started
/// again elsewhere. Whoever does not answer there may be given up; silence alone gives up nobody. One owner; not thread-safe.
/// <para>Invariants: (1) a place becomes former only by a ring that this node has learned, or by a later start of the node that was
/// there; (2) the place of a member is never a former one: a newcomer may come up where a lost node was.</para>
/// </summary>
public sealed class FormerPlaces
{
    /// <summary>As many as a ring remembers of its removed nodes.</summary>
    private const int MaxFormer = RingShape.MaxRemoved;

    private readonly Dictionary<NodeId, (uint Start, string Place)> _started = [];
    private readonly List<string> _former = [];
    private Ring? _ring;

    /// <summary>A ring is in force.</summary>
    public void OnRing(Ring ring)
    {
        if (_ring is { } before && ring.Epoch <= before.Epoch)
            return;
        foreach (var gone in _ring?.Members.Where(member => !ring.Contains(member.Id)) ?? [])
        {
            Add(PlaceOf(gone));
            _started.Remove(gone.Id);
        }

        _ring = ring;
    }

    /// <summary>A node has said from where it speaks since its latest start.</summary>
    public void OnStarted(NodeId node, uint start, string place)
    {
        if (_started.TryGetValue(node, out var last) && start <= last.Start)
            return;
        var before = last.Place ?? _ring?.Member(node)?.Address;
        _started[node] = (start, place);
        if (before is not null && before != place)
            Add(before);
    }

    /// <summary>Whether a place is nobody's now, and was a member's once.</summary>
    public bool IsFormer(string place) => _former.Contains(place) && _ring?.Members.Any(member => PlaceOf(member) == place) != true;

    private string PlaceOf(RingMember member) =>
        _started.TryGetValue(member.Id, out var last) ? last.Place : member.Address;

    private void Add(string place)
    {
        _former.Remove(place);
        _former.Add(place);
        if (_former.Count > MaxFormer)
            _former.RemoveAt(0);
    }
}
