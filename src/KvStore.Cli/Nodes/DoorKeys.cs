using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KvStore.Server.Security;

namespace KvStore.Cli.Nodes;

/// <summary>
/// With what kv comes to a cluster: whether in TLS, whom it trusts there, and how it shows who it is. Of a cluster on this machine kv up has made it all;
/// elsewhere the environment says it (KV_CA, KV_CERT with KV_KEY, KV_P12, KV_PASSWORD).
/// </summary>
internal sealed record DoorKeys
{
    public static readonly DoorKeys None = new();

    /// <summary>Whether the door speaks TLS.</summary>
    public bool IsTls { get; init; }

    /// <summary>The authority that the door's certificate leads to, a PEM file; null: one that the machine trusts.</summary>
    public string? Ca { get; init; } = Variable("KV_CA");

    /// <summary>What the door is shown, where it asks: a PEM file, with its key in <see cref="Key"/>.</summary>
    public string? Certificate { get; init; } = Variable("KV_CERT");

    public string? Key { get; init; } = Variable("KV_KEY");

    /// <summary>What remoting is shown, a PKCS #12 file; null: it asks for nothing.</summary>
    public string? Bundle { get; init; } = Variable("KV_P12");

    /// <summary>What the HTTP door wants to hear.</summary>
    public string? Password { get; init; } = Variable("KV_PASSWORD");

    public string Scheme => IsTls ? "https" : "http";

    /// <exception cref="CliException">A file that is named cannot be read.</exception>
    public HttpClient NewClient(string place, TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler();
        try
        {
            if (IsTls) Secure(handler.SslOptions);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            handler.Dispose();
            throw new CliException(ExitCode.Usage, $"a certificate cannot be read ({problem.Message}); nothing was done. See KV_CA, KV_CERT and KV_KEY.");
        }
        var client = new HttpClient(handler) { BaseAddress = new Uri($"{Scheme}://{place}"), Timeout = timeout };
        if (Password is not null)
            client.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"default:{Password}")));
        return client;
    }

    private void Secure(SslClientAuthenticationOptions options)
    {
        if (Ca is not null) MachineTrust.Narrow(Path.GetFullPath(Ca));
        if (Certificate is not null) options.ClientCertificates = [X509Certificate2.CreateFromPemFile(Certificate, Key)];
        if (Ca is null) return;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(Ca);
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
