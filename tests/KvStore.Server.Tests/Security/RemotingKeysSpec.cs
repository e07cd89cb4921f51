using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using KvStore.Node.Settings;
using KvStore.Server.Security;
using KvStore.Server.Settings;

namespace KvStore.Server.Tests.Security;

/// <summary>The node's certificate on its way into remoting.</summary>
public sealed class RemotingKeysSpec : IDisposable
{
    private const string Files = "kv-store.tls { certificate = n1.pem, key = n1.key, ca = n1.ca.pem }";
    private const string Tcp = "akka.remote.dot-netty.tcp";
    private readonly string _folder = Directory.CreateTempSubdirectory("kv-test-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Remoting_shows_the_nodes_certificate_and_trusts_its_authority_alone()
    {
        using var keys = new RemotingKeys();
        keys.Write(Tls());
        var path = keys.Settings.GetString($"{Tcp}.ssl.certificate.path")!;
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, keys.Settings.GetString($"{Tcp}.ssl.certificate.password"));
        Assert.Equal("CN=n1", Assert.Single(all, certificate => certificate.HasPrivateKey).Subject);
        Assert.Equal("CN=authority", Assert.Single(all, certificate => !certificate.HasPrivateKey).Subject);
        foreach (var flag in (string[])["enable-ssl", "ssl.require-mutual-authentication"]) Assert.True(keys.Settings.GetBoolean($"{Tcp}.{flag}"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        keys.Dispose();
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(Files, true)]
    [InlineData("kv-store.tls.certificate { of = mine }", false)]
    [InlineData(Files + "\nakka.remote.dot-netty.tcp.ssl.certificate.path = own.p12", false)]
    public void Where_the_owner_names_a_file_for_remoting_himself_that_stands(string settings, bool wanted) =>
        Assert.Equal(wanted, RemotingKeys.AreWanted(Config(settings)));

    [Fact]
    public void With_the_nodes_certificate_remoting_may_listen_on_any_address()
    {
        using var keys = new RemotingKeys();
        var configuration = NodeConfiguration.Load(null, [],
            ["kv-store.cluster.members=[\"6f1d3c5a8e7b4290a1c3e5f708192a3b@10.0.0.7:4053\"]", $"{Tcp}.hostname=10.0.0.7"]);
        Assert.Throws<SettingsException>(() => NodeSettings.Read(configuration.Settings));
        Assert.False(NodeSettings.Read(configuration.With(keys.Settings).Settings).Remoting.IsExposed);
    }

    private static Config Config(string settings) => ConfigurationFactory.ParseString(settings).WithFallback(ConfigurationFiles.Reference);

    private TlsSettings Tls()
    {
        using var authority = new TestAuthority("authority");
        authority.Issue(_folder, "n1");
        var reader = new SettingsReader(Config(Files));
        return TlsSettings.Read(reader, _folder)!;
    }
}
