using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KvStore.Node.Settings;
using KvStore.Server.Security;

namespace KvStore.Server.Settings;

/// <summary>
/// Section <c>kv-store.tls</c>: who this node is to others and whom it takes for one of its own. The files are read and checked here, so that a mistake
/// is found before anything is started.
/// </summary>
/// <param name="Certificate">This node's, with its key.</param>
/// <param name="Chain">What stands below it in its file: authorities between it and the cluster's.</param>
/// <param name="Authorities">The cluster's own; no other makes a node or a client.</param>
/// <param name="AsksClients">Whether the doors let in only clients with a certificate of <see cref="ClientAuthorities"/>.</param>
public sealed record TlsSettings(
    X509Certificate2 Certificate, X509Certificate2Collection Chain, X509Certificate2Collection Authorities, bool AsksClients)
{
    private const string Section = "kv-store.tls";
    private const string CertificatePath = $"{Section}.certificate", KeyPath = $"{Section}.key", AuthorityPath = $"{Section}.ca";
    private const string ClientsPath = $"{Section}.client-certificates", ClientAuthorityPath = $"{Section}.client-ca";

    private const UnixFileMode OthersRights = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Whose certificates the doors take for clients'; the cluster's own where no others are named.</summary>
    public X509Certificate2Collection ClientAuthorities { get; private init; } = Authorities;

    /// <summary>What is no mistake and wants a look all the same.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Whether the settings ask for TLS, well or badly.</summary>
    internal static bool IsWanted(SettingsReader reader) =>
        reader.Text(CertificatePath).Length > 0 || reader.Text(KeyPath).Length > 0 || reader.Text(AuthorityPath).Length > 0;

    /// <summary>Whether the settings have the doors ask clients for certificates.</summary>
    internal static bool AsksClientsIn(SettingsReader reader) => reader.Text(ClientsPath) == "required";

    /// <summary>
    /// Null where nothing asks for TLS. Mistakes are left in the reader: these settings are good only if there are none.
    /// </summary>
    /// <param name="reader">The settings.</param>
    /// <param name="folder">What relative file names are relative to.</param>
    public static TlsSettings? Read(SettingsReader reader, string folder)
    {
        var asked = reader.Text(ClientsPath);
        if (asked is not ("none" or "required")) reader.Mistake(ClientsPath, $"'{asked}' is neither none nor required");
        if (!IsWanted(reader))
        {
            _ = reader.Text(ClientAuthorityPath);
            if (AsksClientsIn(reader)) reader.Mistake(ClientsPath, $"is required, and there is no TLS: set {CertificatePath}, key and ca");
            return null;
        }
        var authorities = ReadAll(reader, AuthorityPath, folder);
        var own = ReadAll(reader, CertificatePath, folder);
        var keyFile = FileOf(reader, KeyPath, folder);
        var clientsAuthorities = reader.Text(ClientAuthorityPath).Length > 0 ? ReadAll(reader, ClientAuthorityPath, folder) : authorities;
        if (own is null || keyFile is null || authorities is null || ReadKey(reader, keyFile, own[0]) is not { } certificate) return null;
        X509Certificate2Collection chain = [.. own.Skip(1)];
        Check(reader, certificate, chain, authorities);
        return new TlsSettings(certificate, chain, authorities, AsksClientsIn(reader))
        {
            ClientAuthorities = clientsAuthorities ?? authorities,
            Warnings = [.. RightsOf(keyFile)],
        };
    }

    private static string? FileOf(SettingsReader reader, string path, string folder)
    {
        var name = reader.Text(path);
        if (name.Length > 0) return Path.Combine(folder, name);
        reader.Mistake(path, "is not set; TLS needs certificate, key and ca (kv cert makes them)");
        return null;
    }

    /// <summary>All certificates of a PEM file, one at the least; null after a mistake.</summary>
    private static X509Certificate2Collection? ReadAll(SettingsReader reader, string path, string folder)
    {
        if (FileOf(reader, path, folder) is not { } file) return null;
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file);
            if (found.Count > 0) return found;
            reader.Mistake(path, $"{file} holds no certificate: a PEM file has a line -----BEGIN CERTIFICATE-----");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            reader.Mistake(path, $"cannot be read ({problem.Message})");
        }
        return null;
    }

    /// <summary>The certificate with its key; null after a mistake.</summary>
    private static X509Certificate2? ReadKey(SettingsReader reader, string keyFile, X509Certificate2 certificate)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), File.ReadAllText(keyFile));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            reader.Mistake(KeyPath, $"cannot be read ({problem.Message})");
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            reader.Mistake(KeyPath, $"{keyFile} holds no key of {certificate.Subject}, unencrypted and in PEM ({problem.Message})");
        }
        return null;
    }

    /// <summary>Others will refuse what this refuses.</summary>
    private static void Check(
        SettingsReader reader, X509Certificate2 certificate, X509Certificate2Collection between, X509Certificate2Collection authorities)
    {
        using var chain = Chains.To(authorities, between);
        if (chain.Build(certificate)) return;
        var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        reader.Mistake(CertificatePath, faults.HasFlag(X509ChainStatusFlags.NotTimeValid)
            ? $"{certificate.Subject} or an authority of it is out of its time: it holds from {certificate.NotBefore:u} to {certificate.NotAfter:u}"
            : $"{certificate.Subject}, signed by {certificate.Issuer}, does not lead to an authority in {AuthorityPath} ({faults})");
    }

    private static IEnumerable<string> RightsOf(string keyFile)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(keyFile) & OthersRights) != 0)
            yield return $"others on this machine may read or change the key in {keyFile}, and could pass for this node: chmod 600 {keyFile}";
    }
}
