namespace KvStore.Core.Membership;

/// <summary>What became of a ring that was proposed, as far as its proposer can tell.</summary>
public enum ProposalFate
{
    /// <summary>It is the ring of its epoch.</summary>
    Decided = 1,

    /// <summary>Another is: nothing of it ever was in force.</summary>
    Superseded = 2,

    /// <summary>The ring has gone on past its epoch, unheard here: either may be.</summary>
    Unknown = 3,
}
