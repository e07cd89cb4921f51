using Akka.Configuration;
using KvStore.Node.Settings;
using KvStore.Server.Settings;

namespace KvStore.Server.Tests.Security;

/// <summary>Certificates that would be refused by others are refused here, in words, before anything is started.</summary>
public sealed class TlsSettingsSpec : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kv-test-tls-").FullName;
    private readonly TestAuthority _authority = new("authority");

    public TlsSettingsSpec() => _authority.Issue(_folder, "n1");

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Without_files_there_is_no_TLS() => Assert.Null(Read("", "", ""));

    [Fact]
    public void Certificate_key_and_authority_are_read_relative_to_the_folder()
    {
        var tls = Read("n1.pem", "n1.key", "n1.ca.pem", "client-certificates = required")!;
        Assert.Equal("CN=n1", tls.Certificate.Subject);
        Assert.True(tls.Certificate.HasPrivateKey);
        Assert.Equal("CN=authority", Assert.Single(tls.Authorities).Subject);
        Assert.True(tls.AsksClients);
        Assert.Empty(tls.Warnings);
    }

    [Theory]
    [InlineData("n1.pem", "", "", "kv-store.tls.key: is not set; TLS needs certificate, key and ca (kv cert makes them)")]
    [InlineData("n1.pem", "n1.key", "", "kv-store.tls.ca: is not set")]
    [InlineData("", "", "n1.ca.pem", "kv-store.tls.certificate: is not set")]
    [InlineData("none.pem", "n1.key", "n1.ca.pem", "kv-store.tls.certificate: cannot be read (")]
    [InlineData("n1.pem", "none.key", "n1.ca.pem", "kv-store.tls.key: cannot be read (")]
    [InlineData("n1.key", "n1.key", "n1.ca.pem", "holds no certificate")]
    [InlineData("n1.pem", "n1.pem", "n1.ca.pem", "holds no key of CN=n1")]
    public void Files_that_are_missing_or_others_are_named(string certificate, string key, string ca, string mistake) =>
        Assert.Contains(Mistakes(certificate, key, ca), said => said.Contains(mistake, StringComparison.Ordinal));

    [Fact]
    public void The_key_of_another_certificate_is_refused()
    {
        _authority.Issue(_folder, "n2");
        Assert.Contains("n2.key holds no key of CN=n1", Assert.Single(Mistakes("n1.pem", "n2.key", "n1.ca.pem")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_is_out_of_its_time_is_refused()
    {
        _authority.Issue(_folder, "old", endsInDays: -1);
        var mistake = Assert.Single(Mistakes("old.pem", "old.key", "old.ca.pem"));
        Assert.StartsWith("kv-store.tls.certificate: CN=old or an authority of it is out of its time", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_another_authority_is_refused()
    {
        using var other = new TestAuthority("another");
        other.Issue(_folder, "strange");
        var mistake = Assert.Single(Mistakes("strange.pem", "strange.key", "n1.ca.pem"));
        Assert.Contains("CN=strange, signed by CN=another, does not lead to an authority in kv-store.tls.ca", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void While_one_authority_takes_anothers_place_both_are_trusted()
    {
        using var next = new TestAuthority("next");
        next.Issue(_folder, "n2");
        File.AppendAllText(Path.Combine(_folder, "n1.ca.pem"), "\n" + next.Pem);
        Assert.Equal(2, Read("n2.pem", "n2.key", "n1.ca.pem")!.Authorities.Count);
    }

    [Fact]
    public void Clients_may_have_an_authority_of_their_own()
    {
        Assert.Equal("CN=authority", Assert.Single(Read("n1.pem", "n1.key", "n1.ca.pem")!.ClientAuthorities).Subject);
        using var clients = new TestAuthority("clients");
        clients.Issue(_folder, "app");
        var tls = Read("n1.pem", "n1.key", "n1.ca.pem", "client-ca = \"app.ca.pem\"")!;
        Assert.Equal("CN=clients", Assert.Single(tls.ClientAuthorities).Subject);
        Assert.Equal("CN=authority", Assert.Single(tls.Authorities).Subject);
        Assert.Contains("kv-store.tls.client-ca: cannot be read", Assert.Single(Mistakes("n1.pem", "n1.key", "n1.ca.pem", "client-ca = \"none.pem\"")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_others_can_read_is_spoken_of()
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(Path.Combine(_folder, "n1.key"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Single(Read("n1.pem", "n1.key", "n1.ca.pem")!.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sometimes", "'sometimes' is neither none nor required")]
    [InlineData("required", "is required, and there is no TLS")]
    public void Asking_clients_is_one_of_two_words_and_needs_TLS(string asked, string mistake) =>
        Assert.Contains(mistake, Assert.Single(Mistakes("", "", "", $"client-certificates = {asked}")), StringComparison.Ordinal);

    private TlsSettings? Read(string certificate, string key, string ca, string more = "")
    {
        var reader = Reader(certificate, key, ca, more);
        var tls = TlsSettings.Read(reader, _folder);
        reader.ThrowIfAny();
        return tls;
    }

    private IReadOnlyList<string> Mistakes(string certificate, string key, string ca, string more = "")
    {
        var reader = Reader(certificate, key, ca, more);
        TlsSettings.Read(reader, _folder);
        return Assert.Throws<SettingsException>(reader.ThrowIfAny).Mistakes;
    }

    private static SettingsReader Reader(string certificate, string key, string ca, string more) =>
        new(ConfigurationFactory.ParseString($"kv-store.tls {{ certificate = \"{certificate}\", key = \"{key}\", ca = \"{ca}\"\n{more} }}")
            .WithFallback(ConfigurationFiles.Reference));
}
