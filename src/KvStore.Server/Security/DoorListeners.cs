using System.Security.Authentication;
using KvStore.Server.Resp;
using KvStore.Server.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace KvStore.Server.Security;

/// <summary>
/// Where the doors listen: both with TLS where there is a certificate, 1.2 or 1.3, else both without.
/// <para>Invariants: no byte of a client reaches a door before its handshake is done; a handshake has ten seconds, and so many connections are open
/// at most.</para>
/// </summary>
internal static class DoorListeners
{
    private const int HttpConnections = 10_000;

    /// <summary>Beyond the most clients of the Redis door: room for telling some that there are too many.</summary>
    private const int Margin = 64;

    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(10);

    public static void Open(KestrelServerOptions kestrel, DoorSettings doors, TlsSettings? tls)
    {
        kestrel.Listen(doors.Resp.Endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.None;
            if (tls is not null) Secure(listen, tls, doors.Resp.MaxConnections + Margin);
            listen.UseConnectionHandler<RespConnectionHandler>();
        });
        kestrel.Listen(doors.Http.Endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (tls is not null) Secure(listen, tls, HttpConnections);
        });
    }

    private static void Secure(ListenOptions listen, TlsSettings tls, int most)
    {
        listen.Use(new OpenConnections(most).Bound);
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = tls.Certificate,
            ServerCertificateChain = tls.Chain,
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            HandshakeTimeout = HandshakeWithin,
            ClientCertificateMode = tls.AsksClients ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate,
            ClientCertificateValidation = (certificate, presented, _) => Chains.IsClient(certificate, presented, tls.ClientAuthorities),
        });
    }
}
