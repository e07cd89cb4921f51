namespace KvStore.Wire;

/// <summary>Bytes that are no message of this list: cut short, with something left over, over a limit, or of an unknown number.</summary>
public sealed class WireFormatException(string message) : Exception(message);
