using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Transport.DotNetty;
using Troupe.Tests.Platform;

namespace Troupe.Tests.Remote;

/// <summary>Remoting over TLS with mutual authentication.</summary>
public sealed class TlsRemotingSpec : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tls-remoting");
    private readonly Certificates _authority = new("authority");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Two_systems_of_one_authority_speak()
    {
        await using var here = RemoteNode.Start("here", Tls(_authority, "here"));
        await using var there = RemoteNode.Start("there", Tls(_authority, "there"));
        there.Echo();
        var answer = await here.By(there, "/user/echo").Ask<Blob>(new Blob(1, 100_000), RemoteNode.Patience);
        Assert.Equal(new Blob(1, 100_000), answer);
    }

    [Fact]
    public async Task A_system_of_another_authority_is_refused_and_logged_once()
    {
        await using var here = RemoteNode.Start("here", Tls(new Certificates("stranger"), "here", trusts: _authority));
        await using var there = RemoteNode.Start("there", Tls(_authority, "there"));
        Assert.Contains("its certificate CN=localhost, signed by CN=stranger, does not lead to a trusted authority", await IsRefused(here, there),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_whose_certificate_is_out_of_its_time_is_refused()
    {
        await using var here = RemoteNode.Start("here", Tls(_authority.Issue("localhost", DateTimeOffset.UtcNow.AddDays(-1)), "here"));
        await using var there = RemoteNode.Start("there", Tls(_authority, "there"));
        Assert.Contains("CN=authority, is out of its time (", await IsRefused(here, there), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clients_certificate_makes_nobody_a_peer()
    {
        await using var here = RemoteNode.Start("here", Tls(_authority.Issue("localhost", onlyCalls: true), "here"));
        await using var there = RemoteNode.Start("there", Tls(_authority, "there"));
        Assert.Contains("is not for both directions", await IsRefused(here, there), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_that_shows_no_certificate_is_refused()
    {
        var silent = Tls(_authority, "here") + "\nakka.remote.dot-netty.tcp.ssl.require-mutual-authentication = off";
        await using var here = RemoteNode.Start("here", silent);
        await using var there = RemoteNode.Start("there", Tls(_authority, "there"));
        Assert.Contains("it shows no certificate", await IsRefused(here, there), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_refuses_to_call_one_of_another_authority_and_says_whose_it_is()
    {
        await using var here = RemoteNode.Start("here", Tls(new Certificates("stranger"), "here"));
        await using var there = RemoteNode.Start("there", Tls(_authority, "there"));
        var failed = here.Listen<AssociationErrorEvent>();
        here.By(there, "/user/echo").Tell("hello", ActorRefs.NoSender);
        Assert.Contains("signed by CN=authority, does not lead to a trusted authority", (await failed.Expect<AssociationErrorEvent>()).Cause.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_without_tls_is_refused()
    {
        await using var here = RemoteNode.Start("here");
        await using var there = RemoteNode.Start("there", Tls(_authority, "there"));
        await IsRefused(here, there);
    }

    [Fact]
    public async Task A_system_with_tls_is_refused_by_one_without_and_the_log_says_why()
    {
        await using var here = RemoteNode.Start("here", Tls(_authority, "here"));
        await using var there = RemoteNode.Start("there");
        var warnings = await IsRefused(here, there);
        Assert.Contains("TLS", warnings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_may_be_given_in_code()
    {
        var setup = new DotNettySslSetup(_authority.Issue("localhost"), suppressValidation: true);
        await using var here = RemoteNode.Start("here", "", null, setup);
        await using var there = RemoteNode.Start("there", "", null, setup);
        there.Echo();
        Assert.Equal("hello", await here.By(there, "/user/echo").Ask<string>("hello", RemoteNode.Patience));
    }

    [Theory]
    [InlineData("/no/such/file.p12", "certificate.path")]
    [InlineData("", "certificate.path")]
    public void A_certificate_that_cannot_be_read_fails_the_start(string path, string named)
    {
        var error = Assert.Throws<ConfigurationException>(() => RemoteNode.Start("here", Tls(path)));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_its_private_key_fails_the_start()
    {
        var path = Path.Combine(_directory.FullName, "public.p12");
        File.WriteAllBytes(path, new X509Certificate2Collection(_authority.PublicRoot).Export(X509ContentType.Pkcs12, "secret")!);
        var error = Assert.Throws<ConfigurationException>(() => RemoteNode.Start("here", Tls(path)));
        Assert.Contains("private key", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> IsRefused(RemoteNode here, RemoteNode there)
    {
        there.Echo();
        var (failed, warnings) = (here.Listen<AssociationErrorEvent>(), there.Listen<Warning>());
        here.By(there, "/user/echo").Tell("hello", ActorRefs.NoSender);
        await failed.Expect<AssociationErrorEvent>();
        var warning = await warnings.Fish<Warning>(w =>
            w.Message.ToString()!.Contains("Refused a connection", StringComparison.Ordinal));
        return warning.Message.ToString()!;
    }

    private string Tls(Certificates authority, string name, Certificates? trusts = null) =>
        Tls(authority.Issue("localhost"), name, trusts ?? authority);

    private string Tls(X509Certificate2 own, string name, Certificates? trusts = null)
    {
        var path = Path.Combine(_directory.FullName, name + ".p12");
        X509Certificate2Collection bundle = [own, (trusts ?? _authority).PublicRoot];
        File.WriteAllBytes(path, bundle.Export(X509ContentType.Pkcs12, "secret")!);
        return Tls(path);
    }

    private static string Tls(string path) => $$"""
        akka.remote.dot-netty.tcp {
          enable-ssl = on
          ssl.certificate { path = "{{path}}", password = "secret" }
        }
        """;
}
