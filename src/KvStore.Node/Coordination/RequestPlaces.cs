using KvStore.Core;

namespace KvStore.Node.Coordination;

/// <summary>
/// How many requests a coordinator has under way, and may have. Owner: the coordinator's actor, through its restarts: the last words of the
/// children of one life come to the next.
/// </summary>
public sealed class RequestPlaces(int count)
{
    private int _taken;

    public bool AreTaken => _taken >= count;

    public void Take() => _taken++;

    public void Leave() => Invariant.Check(--_taken >= 0);
}
