using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Troupe.Platform;

/// <summary>
/// TLS 1.2 or 1.3 over a connected stream, and who is trusted: the peer's chain must lead to the given roots (else to the
/// machine's), be in its period of validity, and on the dialling side carry the dialled name where that is asked for.
/// </summary>
internal static class TlsHandshake
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    internal static async Task<Stream> AsServer(Stream inner, StreamSecurity security, CancellationToken cancellation)
    {
        var tls = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = security.Certificate,
                ClientCertificateRequired = security.MutualAuthentication,
                EnabledSslProtocols = Protocols,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    !security.MutualAuthentication || IsTrusted(security, certificate, chain, errors, dialledHost: null),
            }, cancellation).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal static async Task<Stream> AsClient(Stream inner, string host, StreamSecurity security,
        CancellationToken cancellation)
    {
        var tls = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host,
                ClientCertificates = security.MutualAuthentication ? [security.Certificate] : null,
                EnabledSslProtocols = Protocols,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    IsTrusted(security, certificate, chain, errors, host),
            }, cancellation).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static bool IsTrusted(
        StreamSecurity security, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors, string? dialledHost)
    {
        if (certificate is not X509Certificate2 leaf)
            return false;
        if (security.SuppressValidation)
            return true;
        if (security.ValidateHostname && dialledHost is not null && !leaf.MatchesHostname(dialledHost))
            return false;
        return security.TrustedRoots.Count > 0
            ? LeadsToTrustedRoot(security, leaf, presented)
            : (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
    }

    private static bool LeadsToTrustedRoot(StreamSecurity security, X509Certificate2 leaf, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.AddRange(security.TrustedRoots);
        if (presented is not null)
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        return chain.Build(leaf);
    }
}
