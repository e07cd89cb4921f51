using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorRuntime.Specs.Hosting;
using Akka.Actor;

namespace ActorRuntime.Specs.Remoting;

/// <summary>Two systems that show each other certificates. Whom they trust is each runtime's own, and is not asked here.</summary>
public sealed class TlsSpec : RemoteSpec
{
    private readonly DirectoryInfo _folder;

    public TlsSpec() : this(Directory.CreateTempSubdirectory("tls-spec-"))
    {
    }

    private TlsSpec(DirectoryInfo folder) : base($$"""
        akka.remote.dot-netty.tcp {
          enable-ssl = on
          ssl { suppress-validation = on, certificate { path = "{{NewCertificate(folder)}}", password = "secret" } }
        }
        """) => _folder = folder;

    [Fact]
    public void Whether_a_system_speaks_TLS_is_a_part_of_its_address()
    {
        Assert.Equal("akka.ssl.tcp", PeerAddress.Protocol);
        Assert.Equal("akka.ssl.tcp", AddressOf(Sys).Protocol);
    }

    [Fact]
    public void A_message_reaches_the_peer_and_its_answer_comes_back()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        ByPath("echo").Tell(new Note("hello"));
        ExpectMsg(new Note("hello"), Soon);
        Assert.Equal(PathOf("echo"), LastSender.Path.ToString());
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Delete(recursive: true);
    }

    private static string NewCertificate(DirectoryInfo folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var path = Path.Combine(folder.FullName, "node.p12");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, "secret"));
        return path;
    }
}
