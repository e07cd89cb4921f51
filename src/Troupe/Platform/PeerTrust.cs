using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Troupe.Platform;

/// <summary>
/// Judges the certificate that one peer shows, and keeps why it was refused. Owner: one handshake.
/// <list type="number">
/// <item>Where roots are given no other root counts, the machine's least of all.</item>
/// <item>A peer is called as well as it calls: a certificate that says for what it is says both directions. One that is for clients alone makes
/// nobody a peer.</item>
/// </list>
/// </summary>
/// <param name="security">What is trusted.</param>
/// <param name="dialledHost">The name that was dialled; null for one who called.</param>
internal sealed class PeerTrust(StreamSecurity security, string? dialledHost)
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private (PeerFault Fault, string Text)? _refusal;

    internal bool IsTrusted(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        _refusal = certificate is not X509Certificate2 leaf
            ? (PeerFault.NoCertificate, "it shows no certificate")
            : security.SuppressValidation ? null : Judge(leaf, presented, errors);
        return _refusal is null;
    }

    /// <summary>The failure of the handshake, with the reason if it was the certificate.</summary>
    internal Exception Explain(Exception failure) => _refusal is { } refusal
        ? new UntrustedPeerException(refusal.Fault, refusal.Text, failure)
        : failure;

    private (PeerFault, string)? Judge(X509Certificate2 leaf, X509Chain? presented, SslPolicyErrors errors)
    {
        var shown = $"its certificate {leaf.Subject}, signed by {leaf.Issuer},";
        if (security.ValidateHostname && dialledHost is not null && !leaf.MatchesHostname(dialledHost))
            return (PeerFault.Untrusted, $"{shown} is not for {dialledHost}");
        if (security.TrustedRoots.Count == 0)
            return (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None
                ? null
                : (PeerFault.Untrusted, $"{shown} does not lead to a root of this machine");
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(ServerUse);
        chain.ChainPolicy.ApplicationPolicy.Add(ClientUse);
        chain.ChainPolicy.CustomTrustStore.AddRange(security.TrustedRoots);
        if (presented is not null)
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        return chain.Build(leaf) ? null : Fault(shown, leaf, chain);
    }

    private static (PeerFault, string) Fault(string shown, X509Certificate2 leaf, X509Chain chain)
    {
        var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        if ((faults & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0)
            return (PeerFault.Untrusted, $"{shown} does not lead to a trusted authority");
        if (faults.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return (PeerFault.OutOfTime, $"{shown} is out of its time ({leaf.NotBefore:u} to {leaf.NotAfter:u})");
        return faults.HasFlag(X509ChainStatusFlags.NotValidForUsage)
            ? (PeerFault.Untrusted, $"{shown} is not for both directions, and so is no peer's")
            : (PeerFault.Untrusted, $"{shown} is not valid ({faults})");
    }
}
