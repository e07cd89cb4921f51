using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KvStore.Server.Tests.Security;

/// <summary>An authority that lives as long as one test, and the PEM files of what it signs.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private readonly X509Certificate2 _root;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(_now.AddYears(-1), _now.AddYears(1));
    }

    public string Pem => _root.ExportCertificatePem();

    /// <summary>Writes FOLDER/NAME.pem and FOLDER/NAME.key, and FOLDER/NAME.ca.pem.</summary>
    public void Issue(string folder, string name, int endsInDays = 100)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var signed = request.Create(_root, _now.AddDays(-200), _now.AddDays(endsInDays), [1, 2, 3]);
        File.WriteAllText(Path.Combine(folder, $"{name}.pem"), signed.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, $"{name}.ca.pem"), Pem);
        var keyFile = Path.Combine(folder, $"{name}.key");
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => _root.Dispose();
}
