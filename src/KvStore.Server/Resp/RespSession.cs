using KvStore.Core.Identity;

namespace KvStore.Server.Resp;

/// <summary>
/// What one connection has agreed on and chosen. Owner: its connection; changed only by commands that run alone on it
/// (<see cref="CommandFlags.ChangesSession"/>), read by all.
/// </summary>
public sealed class RespSession(long id, string peer, bool needsPassword)
{
    /// <summary>Counts the connections of this node, from 1.</summary>
    public long Id { get; } = id;

    /// <summary>Where it comes from.</summary>
    public string Peer { get; } = peer;

    public RespVersion Version { get; set; } = RespVersion.Resp2;

    /// <summary>What the client calls itself; empty until CLIENT SETNAME.</summary>
    public string Name { get; set; } = "";

    /// <summary>The client library and its version, as CLIENT SETINFO said.</summary>
    public string Library { get; set; } = "";

    public string LibraryVersion { get; set; } = "";

    /// <summary>Where this connection's keys live until it says otherwise (KV.USE).</summary>
    public BucketName Bucket { get; set; } = BucketName.Default;

    /// <summary>Whether it may do more than say who it is.</summary>
    public bool IsAuthenticated { get; set; } = !needsPassword;

    /// <summary>RESET: as if it had just connected.</summary>
    public void Reset()
    {
        Version = RespVersion.Resp2;
        Name = "";
        Bucket = BucketName.Default;
        IsAuthenticated = !needsPassword;
    }
}
