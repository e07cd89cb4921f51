using System.Security.Cryptography.X509Certificates;

namespace KvStore.Server.Security;

/// <summary>Certificates are trusted for leading to the cluster's own authorities; what the machine trusts says nothing here.</summary>
internal static class Chains
{
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>What builds a chain to these authorities alone, and asks nobody on the network.</summary>
    public static X509Chain To(X509Certificate2Collection authorities, X509Certificate2Collection? between = null)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        if (between is not null) chain.ChainPolicy.ExtraStore.AddRange(between);
        return chain;
    }

    /// <summary>Whether a client with this certificate is one of the cluster's.</summary>
    public static bool IsClient(X509Certificate2 certificate, X509Chain? presented, X509Certificate2Collection authorities)
    {
        using var chain = To(authorities, presented?.ChainPolicy.ExtraStore);
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ClientUse));
        return chain.Build(certificate);
    }
}
