using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KvStore.Cli.Certificates;

/// <summary>
/// The files of an authority and of what it has signed, in one folder: NAME.pem for everybody, NAME.key and NAME.p12 for nobody but their owner.
/// <para>Invariants: no file is ever overwritten; a key is never on disk with other rights than its owner's, not for a moment.</para>
/// </summary>
internal sealed class CertificateFiles(string folder)
{
    private const string Authority = "ca";
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybodys = OwnersAlone | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string AuthorityCertificate => CertificateOf(Authority);

    public string CertificateOf(string name) => Path.Combine(folder, $"{name}.pem");

    public string KeyOf(string name) => Path.Combine(folder, $"{name}.key");

    /// <summary>Certificate, key and authority in one file, as actor systems want them.</summary>
    public string BundleOf(string name) => Path.Combine(folder, $"{name}.p12");

    /// <exception cref="CliException">There is none, or it cannot be used.</exception>
    public CertificateAuthority LoadAuthority()
    {
        try
        {
            return CertificateAuthority.Load(AuthorityCertificate, KeyOf(Authority));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                ExitCode.NothingThere, $"the authority cannot be read ({problem.Message}); nothing was made. kv cert ca makes one; --ca DIR says where it is.");
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            throw new CliException(
                ExitCode.Failed, $"{AuthorityCertificate} and {KeyOf(Authority)} are no authority ({problem.Message}); nothing was made.");
        }
    }

    public IReadOnlyList<string> WriteAuthority(CertificateAuthority authority) => Write(
        (AuthorityCertificate, Pem(authority.Certificate), Everybodys), (KeyOf(Authority), Key(authority.Certificate), OwnersAlone));

    /// <summary>What a node needs: certificate, key, and both with the authority as PKCS #12.</summary>
    public IReadOnlyList<string> WriteNode(string name, X509Certificate2 certificate, CertificateAuthority authority)
    {
        using var alone = X509CertificateLoader.LoadCertificate(authority.Certificate.RawData);
        X509Certificate2Collection both = [certificate, alone];
        return Write([.. Leaf(name, certificate), (BundleOf(name), both.Export(X509ContentType.Pkcs12, "")!, OwnersAlone), .. Missing(authority)]);
    }

    public IReadOnlyList<string> WriteClient(string name, X509Certificate2 certificate, CertificateAuthority authority) =>
        Write([.. Leaf(name, certificate), .. Missing(authority)]);

    private (string, byte[], UnixFileMode)[] Leaf(string name, X509Certificate2 certificate) =>
        [(CertificateOf(name), Pem(certificate), Everybodys), (KeyOf(name), Key(certificate), OwnersAlone)];

    /// <summary>The authority's certificate, which is to be beside what it has signed.</summary>
    private (string, byte[], UnixFileMode)[] Missing(CertificateAuthority authority)
    {
        if (!File.Exists(AuthorityCertificate)) return [(AuthorityCertificate, Pem(authority.Certificate), Everybodys)];
        return File.ReadAllBytes(AuthorityCertificate).AsSpan().SequenceEqual(Pem(authority.Certificate)) ? [] : throw new CliException(
            ExitCode.Failed, $"{AuthorityCertificate} is another authority's certificate; nothing was made. Choose another --out.");
    }

    private IReadOnlyList<string> Write(params (string File, byte[] Bytes, UnixFileMode Mode)[] files)
    {
        if (files.FirstOrDefault(file => File.Exists(file.File)).File is { } there)
            throw new CliException(
                ExitCode.Failed, $"{there} is there already, and a certificate or key is never overwritten; nothing was made. Choose another --out or --name.");
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (file, bytes, mode) in files)
            {
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
                using var stream = new FileStream(file, options);
                stream.Write(bytes);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, $"{problem.Message} Not every file was written; none that was there has changed.");
        }
        return [.. files.Select(file => file.File)];
    }

    private static byte[] Pem(X509Certificate2 certificate) => Bytes(certificate.ExportCertificatePem());

    private static byte[] Key(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return Bytes(key.ExportPkcs8PrivateKeyPem());
    }

    private static byte[] Bytes(string pem) => System.Text.Encoding.ASCII.GetBytes(pem + "\n");
}
