namespace KvStore.Server.Resp;

/// <summary>
/// The bytes are no RESP. The message is Redis' own wording; after it the connection is closed, for its next byte has no meaning.
/// </summary>
public sealed class RespProtocolException(string message) : Exception(message);
