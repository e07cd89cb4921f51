using System.Security.Cryptography.X509Certificates;

namespace Troupe.Platform;

/// <summary>
/// TLS for one side of a stream. Both sides present a certificate when <paramref name="MutualAuthentication"/> is on (the
/// default);
/// the peer's chain must lead to <paramref name="TrustedRoots"/> when any are given, else to the machine's roots.
/// </summary>
public sealed record StreamSecurity(
    X509Certificate2 Certificate,
    X509Certificate2Collection TrustedRoots,
    bool MutualAuthentication,
    bool ValidateHostname,
    bool SuppressValidation);
