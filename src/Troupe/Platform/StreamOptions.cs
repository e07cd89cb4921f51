namespace Troupe.Platform;

/// <summary>
/// How byte streams are opened: security, socket options and bounds. One value serves listening and connecting.
/// </summary>
public sealed record StreamOptions
{
    /// <summary>TLS for every stream, or null for plain TCP.</summary>
    public StreamSecurity? Security { get; init; }

    public bool NoDelay { get; init; } = true;

    /// <summary>Bytes of the kernel's send buffer; 0 leaves the system's own choice.</summary>
    public int SendBufferSize { get; init; }

    /// <summary>Bytes of the kernel's receive buffer; 0 leaves the system's own choice.</summary>
    public int ReceiveBufferSize { get; init; }

    /// <summary>Connections that the kernel may hold before they are accepted.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>Accepted connections alive at once; further ones are closed at once and reported as rejected.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>Accepted connections in the middle of their TLS handshake at once; further ones are closed as above.</summary>
    public int MaxHandshakes { get; init; } = 256;

    /// <summary>How long an accepted connection may take to complete its TLS handshake.</summary>
    public TimeSpan SecurityTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
