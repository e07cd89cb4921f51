namespace KvStore.Client;

/// <summary>No node of the cluster was found in time. Nothing was changed.</summary>
public sealed class KvConnectException : Exception
{
    /// <summary>Without a text.</summary>
    public KvConnectException()
    {
    }

    /// <summary>With what was tried, and what to do.</summary>
    public KvConnectException(string message) : base(message)
    {
    }

    /// <summary>With what was tried, what to do, and the cause.</summary>
    public KvConnectException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
