using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;
using Troupe.Platform;

namespace Akka.Remote;

/// <summary>
/// The settings under `akka.remote.dot-netty.tcp`. Reading them fails with a <see cref="ConfigurationException"/> that names
/// the key,
/// before anything is bound: a certificate that cannot be read must not be found out at the first connection.
/// </summary>
internal sealed class TcpSettings
{
    private const string Group = "akka.remote.dot-netty.tcp";
    private const int SmallestFrame = 32 * 1024;
    private const int LargestFrame = 1024 * 1024 * 1024;

    internal TcpSettings(Config root, DotNettySslSetup? sslSetup, int maxConnections, int maxStrangers)
    {
        var config = RemoteSettings.Section(root, Group);
        Hostname = NonEmpty(config.GetString("hostname"), "127.0.0.1");
        Port = config.GetInt("port");
        PublicHostname = NonEmpty(config.GetString("public-hostname"), Hostname);
        PublicPort = config.GetInt("public-port") is > 0 and var port ? port : null;
        MaximumFrameSize = FrameSize(config);
        ConnectionTimeout = config.GetTimeSpan("connection-timeout");
        HandshakeTimeout = config.GetTimeSpan("handshake-timeout");
        Stream = new StreamOptions
        {
            Security = sslSetup is not null || config.GetBoolean("enable-ssl")
                ? Security(RemoteSettings.Section(config, "ssl"), sslSetup)
                : null,
            NoDelay = config.GetBoolean("tcp-nodelay"),
            SendBufferSize = (int)(config.GetByteSize("send-buffer-size") ?? 0),
            ReceiveBufferSize = (int)(config.GetByteSize("receive-buffer-size") ?? 0),
            Backlog = config.GetInt("backlog"),
            MaxConnections = maxConnections,
            MaxHandshakes = maxStrangers,
            SecurityTimeout = HandshakeTimeout,
        };
    }

    internal string Hostname { get; }

    internal int Port { get; }

    internal string PublicHostname { get; }

    /// <summary>Null: the port that is listened on.</summary>
    internal int? PublicPort { get; }

    internal int MaximumFrameSize { get; }

    internal TimeSpan ConnectionTimeout { get; }

    internal TimeSpan HandshakeTimeout { get; }

    internal StreamOptions Stream { get; }

    /// <summary>How addresses begin: whether a system speaks TLS is a part of where it is.</summary>
    internal string Protocol => Stream.Security is null ? "akka.tcp" : "akka.ssl.tcp";

    private static string NonEmpty(string? value, string otherwise) => string.IsNullOrWhiteSpace(value) ? otherwise : value;

    private static int FrameSize(Config config)
    {
        var size = config.GetByteSize("maximum-frame-size") ?? 0;
        return size is >= SmallestFrame and <= LargestFrame
            ? (int)size
            : throw new ConfigurationException(
                $"{Group}.maximum-frame-size is {size} bytes; it must be between {SmallestFrame} and {LargestFrame}. "
                + "Remoting was not started.");
    }

    private static StreamSecurity Security(Config ssl, DotNettySslSetup? setup)
    {
        var mutual = ssl.GetBoolean("require-mutual-authentication");
        var checkName = ssl.GetBoolean("validate-certificate-hostname");
        if (setup is not null)
            return new StreamSecurity(WithKey(setup.Certificate, "DotNettySslSetup"), [], mutual, checkName,
                setup.SuppressValidation);
        var (certificate, roots) = Load(ssl.GetString("certificate.path"), ssl.GetString("certificate.password"));
        return new StreamSecurity(certificate, roots, mutual, checkName, ssl.GetBoolean("suppress-validation"));
    }

    private static (X509Certificate2, X509Certificate2Collection) Load(string? path, string? password)
    {
        const string Key = $"{Group}.ssl.certificate.path";
        if (string.IsNullOrWhiteSpace(path))
            throw new ConfigurationException(
                $"{Key} is empty, but enable-ssl is on. Name a PKCS #12 file. Remoting was not started.");
        try
        {
            var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
            var own = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? all.First();
            return (WithKey(own, path), [.. all.Where(certificate => !ReferenceEquals(certificate, own))]);
        }
        catch (Exception cause) when (
            cause is CryptographicException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new ConfigurationException(
                $"{Key} = '{path}' cannot be read as a PKCS #12 file with the given password ({cause.Message}). "
                + "Remoting was not started.", cause);
        }
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, string source) => certificate.HasPrivateKey
        ? certificate
        : throw new ConfigurationException(
            $"The certificate from {source} has no private key: peers could not be answered over TLS. Remoting was not started.");
}
