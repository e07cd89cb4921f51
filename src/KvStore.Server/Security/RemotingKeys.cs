using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using KvStore.Node.Settings;
using KvStore.Server.Settings;

namespace KvStore.Server.Security;

/// <summary>
/// The node's certificate in the form in which actor systems take it: a PKCS #12 file, which is there only until the system has been created; dispose
/// of this then. Both sides show certificates, and both lead to the cluster's own authorities.
/// <para>Owner: the process's start. Invariant: the file is its owner's alone, under a password that nobody else has.</para>
/// </summary>
internal sealed class RemotingKeys : IDisposable
{
    private const string Tcp = "akka.remote.dot-netty.tcp", CertificatePath = $"{Tcp}.ssl.certificate.path";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kv-keys-");
    private readonly string _password = RandomNumberGenerator.GetHexString(32);

    /// <summary>For the system's configuration, under what its owner says.</summary>
    public Config Settings => ConfigurationFactory.ParseString($$"""
        {{Tcp}} {
          enable-ssl = on
          ssl {
            certificate { path = "{{PathOfFile.Replace("\\", "\\\\", StringComparison.Ordinal)}}", password = "{{_password}}" }
            suppress-validation = off
            require-mutual-authentication = on
          }
        }
        """);

    private string PathOfFile => Path.Combine(_folder.FullName, "node.p12");

    /// <summary>
    /// Whether remoting's certificate is the node's: there is one, and the owner names no other file for remoting. What cannot be read is somebody else's to
    /// complain of.
    /// </summary>
    public static bool AreWanted(Config config)
    {
        var reader = new SettingsReader(config);
        return reader.OfTheRuntime("kv-store.tls.certificate") is { Length: > 0 } && reader.OfTheRuntime(CertificatePath) is null or "";
    }

    /// <summary>Writes the file that the settings name.</summary>
    public void Write(TlsSettings tls)
    {
        X509Certificate2Collection all = [tls.Certificate, .. tls.Chain, .. tls.Authorities];
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(PathOfFile, options);
        file.Write(all.Export(X509ContentType.Pkcs12, _password)!);
    }

    public void Dispose()
    {
        _folder.Refresh();
        if (_folder.Exists) _folder.Delete(recursive: true);
    }
}
