using KvStore.Core.Identity;

namespace KvStore.Server.Resp;

/// <summary>A command on its way, with what the connection had chosen when its turn came to begin.</summary>
/// <param name="Session">The connection's choices; read only, except by a command that changes them.</param>
/// <param name="Bucket">Where its keys live.</param>
/// <param name="Name">The command, in upper case.</param>
/// <param name="Arguments">What came after the name.</param>
/// <param name="Cancelled">The client has gone.</param>
public sealed record RespRequest(
    RespSession Session, BucketName Bucket, string Name, IReadOnlyList<ReadOnlyMemory<byte>> Arguments, CancellationToken Cancelled);
