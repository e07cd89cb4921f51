namespace KvStore.Core.Membership;

/// <summary>What a node says to one that would form the actor systems' cluster.</summary>
public enum FoundingAnswer
{
    /// <summary>It has promised itself to another, or does not know yet whether it has.</summary>
    Refused = 1,

    /// <summary>It is in no cluster, and joins the asker's.</summary>
    Granted = 2,

    /// <summary>There is a cluster: it is in one.</summary>
    IsMember = 3,
}
