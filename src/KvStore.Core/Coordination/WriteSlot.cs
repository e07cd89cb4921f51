using KvStore.Core.Identity;

namespace KvStore.Core.Coordination;

/// <summary>
/// One owner's place in a write: it is filled by the owner's acknowledgement or by that of whoever stands in for it, and counts
/// once however often either acknowledges. Owned by one <see cref="PutOperation"/>.
/// </summary>
internal sealed class WriteSlot(NodeId owner)
{
    /// <summary>The owner whose place this is.</summary>
    public NodeId Owner { get; } = owner;

    /// <summary>Who stands in at the moment; null while only the owner is asked.</summary>
    public NodeId? StandIn { get; set; }

    /// <summary>The owner has acknowledged.</summary>
    public bool OwnerAcked { get; set; }

    /// <summary>A stand-in has acknowledged.</summary>
    public bool StandInAcked { get; set; }

    /// <summary>An acknowledgement came from disk.</summary>
    public bool Durable { get; set; }

    /// <summary>The owner was asked and has not answered yet.</summary>
    public bool OwnerPending { get; set; }

    /// <summary>The stand-in was asked and has not answered yet.</summary>
    public bool StandInPending { get; set; }

    /// <summary>The coordinator keeps a hint for the owner.</summary>
    public bool Hinted { get; set; }

    /// <summary>Whether the slot counts.</summary>
    public bool Filled => OwnerAcked || StandInAcked;

    /// <summary>Whether an answer that could fill it is still to come.</summary>
    public bool Pending => OwnerPending || StandInPending;
}
