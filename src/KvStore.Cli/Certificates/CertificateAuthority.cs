using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KvStore.Cli.Certificates;

/// <summary>
/// A cluster's own authority: whoever has a certificate of it for both directions is a node. Keys are ECDSA on P-256, signatures with SHA-256 (RFC 5280).
/// <list type="number">
/// <item>A node's certificate serves both to answer and to call; a client's only to call, so that it is never a node's.</item>
/// <item>No certificate outlives its authority.</item>
/// </list>
/// </summary>
internal sealed class CertificateAuthority : IDisposable
{
    /// <summary>How long an authority signs.</summary>
    public const int AuthorityYears = 10;

    /// <summary>How long what it has signed holds.</summary>
    public const int LeafYears = 2;

    private const int SerialBytes = 16;
    private const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Clocks that go a little slow find it valid too.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    private CertificateAuthority(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>With its key.</summary>
    public X509Certificate2 Certificate { get; }

    public static CertificateAuthority New(string name)
    {
        using var key = NewKey();
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var now = DateTimeOffset.UtcNow;
        return new CertificateAuthority(request.CreateSelfSigned(now - Slack, now.AddYears(AuthorityYears)));
    }

    /// <exception cref="CryptographicException">The files hold no authority, or the key is another's.</exception>
    public static CertificateAuthority Load(string certificateFile, string keyFile)
    {
        var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
            return new CertificateAuthority(certificate);
        certificate.Dispose();
        throw new CryptographicException($"{certificateFile} is no authority's certificate: it may sign no other");
    }

    /// <summary>A certificate with its key, of a node that is called by these names and addresses; of a client when there are none.</summary>
    public X509Certificate2 Issue(string name, IReadOnlyList<string> hosts)
    {
        using var key = NewKey();
        var request = Request(name, key);
        var isNode = hosts.Count > 0;
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            isNode ? [new Oid(ServerUse), new Oid(ClientUse)] : [new Oid(ClientUse)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (isNode) request.CertificateExtensions.Add(Names(hosts));
        var now = DateTimeOffset.UtcNow;
        var until = now.AddYears(LeafYears) < Certificate.NotAfter ? now.AddYears(LeafYears) : Certificate.NotAfter;
        var from = now - Slack > Certificate.NotBefore ? now - Slack : Certificate.NotBefore;
        using var signed = request.Create(Certificate, from, until, NewSerial());
        return signed.CopyWithPrivateKey(key);
    }

    public void Dispose() => Certificate.Dispose();

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static X509Extension Names(IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }
        return names.Build();
    }

    /// <summary>Positive, and unlike any other.</summary>
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
