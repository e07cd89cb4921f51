namespace KvStore.Core.Links;

/// <summary>Whether a process may speak for a node.</summary>
public enum PeerAdmission : byte
{
    Admitted = 0,

    /// <summary>The node was seen with a later start, or with another process of the same: this is an old process, or a copy of its data.</summary>
    EarlierStart = 1,

    /// <summary>The node was seen with other data: that was lost, or two nodes have one id.</summary>
    OtherData = 2,
}
