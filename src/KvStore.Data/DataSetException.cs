namespace KvStore.Data;

/// <summary>A data directory is not this node's, or cannot be read as a node's. Nothing was changed; the message says what to do.</summary>
public sealed class DataSetException(string message) : Exception(message);
