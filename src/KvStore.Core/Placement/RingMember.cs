using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>One node of the ring, as agreed.</summary>
/// <param name="Id">Who.</param>
/// <param name="Address">
/// Where it was reached when it was admitted; gossip knows where it is now. Never compared: identity is the id.
/// </param>
/// <param name="Rack">
/// What fails together with it: replicas are put on distinct racks where there are enough. Empty when none was given.
/// </param>
/// <param name="Weight">Its share relative to the others, 1 to 1,000; the default is 100.</param>
/// <param name="Status">Where it stands.</param>
public sealed record RingMember(NodeId Id, string Address, string Rack, int Weight, RingMemberStatus Status)
{
    /// <summary>The weight of a node that was given none.</summary>
    public const int DefaultWeight = 100;

    /// <summary>The largest weight.</summary>
    public const int MaxWeight = 1000;

    /// <summary>The longest address or rack, in characters.</summary>
    public const int MaxTextLength = 255;

    /// <summary>Whether it keeps its share in the ring to come.</summary>
    public bool Stays => Status is RingMemberStatus.Joining or RingMemberStatus.Valid;

    /// <summary>A member in good standing with the default weight.</summary>
    public static RingMember Of(NodeId id, string address, string rack = "") =>
        new(id, address, rack, DefaultWeight, RingMemberStatus.Valid);
}
