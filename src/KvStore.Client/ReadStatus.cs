namespace KvStore.Client;

/// <summary>What a read came to.</summary>
public enum ReadStatus
{
    /// <summary>There is a value, or several that know nothing of each other.</summary>
    Found = 0,

    /// <summary>The key is not there, says the quorum.</summary>
    Absent = 1,

    /// <summary>Too few replicas can answer. Nothing is known of the key; try again, or ask for fewer replicas.</summary>
    QuorumImpossible = 2,

    /// <summary>Too few answered in time. Nothing is known of the key.</summary>
    Timeout = 3,

    /// <summary>The nodes, or this client, have as much under way as they take. Try again a little later.</summary>
    Busy = 4,

    /// <summary>The session has seen something newer than the replicas that can be reached have.</summary>
    BehindSession = 5,

    /// <summary>The request makes no sense to the cluster; the result's text says why.</summary>
    Refused = 6,
}
