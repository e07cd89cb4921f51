using System.Globalization;
using System.Runtime.InteropServices;
using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node;
using KvStore.Server.Settings;

namespace KvStore.Server;

/// <summary>What a node says of itself once it serves: who it is, what it stands on, where it listens.</summary>
internal static class StartBanner
{
    public static string Of(KvNode node, Address address, DoorSettings doors, TlsSettings? tls, string sources)
    {
        var (data, ring) = (node.Disk.Data, node.Ring);
        return string.Create(CultureInfo.InvariantCulture, $"""
            KvStore {NodeHost.Version} on {NodeHost.ActorRuntime}, {RuntimeInformation.FrameworkDescription}, process {Environment.ProcessId}
              node      {node.Settings.Id}, start {data.StartNumber} {How(data.IsUnbroken, data.StartNumber)}
              ring      {ring.Epoch} of cluster {ring.Cluster}: {ring.Members.Length} members, {ring.PartitionCount} partitions, {Numbers(ring)}
              data      {node.Settings.Storage.Directory}, sync = {node.Settings.Storage.Sync.ToString().ToLowerInvariant()}
              ports     remoting {address.Host}:{address.Port}, redis {doors.Resp.Endpoint}, http {doors.Http.Endpoint}{ConsoleAt(doors)}
              tls       {Tls(tls)}
              settings  {sources}
            """);
    }

    private static string ConsoleAt(DoorSettings doors) => doors.Console is { } console ? $", console {console}" : "";

    /// <summary>Those of the default bucket.</summary>
    private static string Numbers(Ring ring)
    {
        var quorum = ring.Buckets.Find(BucketName.Default)!.Quorum;
        return $"N={quorum.N} R={quorum.R} W={quorum.W}";
    }

    private static string Tls(TlsSettings? tls)
    {
        if (tls is null) return "none";
        var clients = tls.AsksClients ? "show theirs" : "need none";
        return string.Create(CultureInfo.InvariantCulture,
            $"{tls.Certificate.Subject} by {tls.Certificate.Issuer}, until {tls.Certificate.NotAfter:yyyy-MM-dd}; clients {clients}");
    }

    private static string How(bool isUnbroken, uint start) =>
        isUnbroken ? "after a clean stop" : start == 1 ? "with new data" : "after a stop that was not clean";
}
