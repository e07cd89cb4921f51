using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Troupe.Platform;

/// <summary>
/// TLS 1.2 or 1.3 over a connected stream. Who is trusted is <see cref="PeerTrust"/>'s to say: the peer's chain must lead to the given roots
/// (else to the machine's), be in its period of validity, and on the dialling side carry the dialled name where that is asked for.
/// </summary>
internal static class TlsHandshake
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    internal static async Task<Stream> AsServer(Stream inner, StreamSecurity security, CancellationToken cancellation)
    {
        var (tls, trust) = (new SslStream(inner, leaveInnerStreamOpen: false), new PeerTrust(security, dialledHost: null));
        return await Complete(tls, trust, tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = security.Certificate,
            ClientCertificateRequired = security.MutualAuthentication,
            EnabledSslProtocols = Protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                !security.MutualAuthentication || trust.IsTrusted(certificate, chain, errors),
        }, cancellation)).ConfigureAwait(false);
    }

    internal static async Task<Stream> AsClient(Stream inner, string host, StreamSecurity security,
        CancellationToken cancellation)
    {
        var (tls, trust) = (new SslStream(inner, leaveInnerStreamOpen: false), new PeerTrust(security, host));
        return await Complete(tls, trust, tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificates = security.MutualAuthentication ? [security.Certificate] : null,
            EnabledSslProtocols = Protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.IsTrusted(certificate, chain, errors),
        }, cancellation)).ConfigureAwait(false);
    }

    private static async Task<Stream> Complete(SslStream tls, PeerTrust trust, Task handshake)
    {
        try
        {
            await handshake.ConfigureAwait(false);
            return tls;
        }
        catch (AuthenticationException failure)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw trust.Explain(failure);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
