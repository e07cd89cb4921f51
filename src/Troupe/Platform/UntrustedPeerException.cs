using System.Security.Authentication;

namespace Troupe.Platform;

/// <summary>Why a peer's certificate does not let it in.</summary>
internal enum PeerFault
{
    NoCertificate,

    /// <summary>It leads to no trusted root, or is not for this.</summary>
    Untrusted,
    OutOfTime,
}

/// <summary>The peer is none of ours, in words for the log. They name what it showed, and so hold what a stranger wrote.</summary>
internal sealed class UntrustedPeerException(PeerFault fault, string message, Exception cause) : AuthenticationException(message, cause)
{
    internal PeerFault Fault => fault;
}
