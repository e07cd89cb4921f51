using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Troupe.Tests.Platform;

/// <summary>A certificate authority that lives as long as one test.</summary>
internal sealed class Certificates
{
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-2);
    private static readonly DateTimeOffset To = DateTimeOffset.UtcNow.AddDays(30);

    internal Certificates(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Root = request.CreateSelfSigned(From, To);
    }

    internal X509Certificate2 Root { get; }

    /// <summary>What peers are given to trust.</summary>
    internal X509Certificate2 PublicRoot => X509CertificateLoader.LoadCertificate(Root.RawData);

    /// <summary>A certificate for this host, with its private key.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="until">Null: long enough.</param>
    /// <param name="onlyCalls">Whether it is a client's, and for nothing else.</param>
    internal X509Certificate2 Issue(string host, DateTimeOffset? until = null, bool onlyCalls = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        if (onlyCalls)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientUse)], false));
        var serial = RandomNumberGenerator.GetBytes(12);
        using var signed = request.Create(Root, From, until ?? To, serial);
        using var complete = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(complete.Export(X509ContentType.Pkcs12), null);
    }
}
