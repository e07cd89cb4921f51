namespace Petabridge.Cmd.Protocol;

/// <summary>What the other side sent is none of this protocol.</summary>
internal sealed class ConsoleProtocolException(string message) : Exception(message);
