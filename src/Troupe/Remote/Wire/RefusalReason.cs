namespace Akka.Remote.Wire;

/// <summary>Why a connection is not let in.</summary>
internal enum RefusalReason : byte
{
    /// <summary>The first bytes are not of this protocol: TLS, HTTP, another runtime, noise. Closed without an answer.</summary>
    ForeignProtocol = 1,
    WrongVersion = 2,
    WrongRuntime = 3,
    WrongSystem = 4,
    WrongAddress = 5,

    /// <summary>This incarnation of the caller has been quarantined: it must restart to be heard again.</summary>
    Quarantined = 6,

    /// <summary>A later connection of the same caller is known already.</summary>
    Superseded = 7,
    ShuttingDown = 8,
    Malformed = 9,

    /// <summary>These three are TLS': closed without an answer of ours.</summary>
    NoCertificate = 10,
    Untrusted = 11,
    OutOfTime = 12,
}
