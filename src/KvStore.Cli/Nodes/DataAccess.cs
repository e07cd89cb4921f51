using System.Text.Json;
using Akka.Configuration;
using KvStore.Cli.Output;
using KvStore.Client;

namespace KvStore.Cli.Nodes;

/// <summary>
/// Gets from a cluster's HTTP door to the .NET client, which finds the ring and talks to the key's owners: a node says where its members' remoting is.
/// </summary>
internal static class DataAccess
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    public static async Task<KvClient> Connect(Visit visit, TimeSpan timeout)
    {
        var (door, status) = await visit.Cluster.AnyNode(visit.Cancelled);
        using (door)
        {
            if (status.Text("address").Contains(".ssl.", StringComparison.Ordinal) && visit.Cluster.Keys.Bundle is null)
                throw new CliException(
                    ExitCode.Usage,
                    "this cluster's nodes show certificates, and keys go the nodes' way; nothing was done. KV_P12 names a file with one (kv cert node); "
                    + "others use the Redis door.");
            try
            {
                var options = new KvClientOptions
                {
                    ConnectTimeout = ConnectWithin,
                    RequestTimeout = timeout,
                    CertificateFile = visit.Cluster.Keys.Bundle,
                };
                return await KvClient.ConnectAsync(ContactPoints(status), options, visit.Cancelled);
            }
            catch (ArgumentException problem)
            {
                throw new CliException(ExitCode.Usage, $"{problem.Message} Nothing was done.");
            }
            catch (ConfigurationException problem)
            {
                throw new CliException(ExitCode.Usage, $"{problem.Message} Nothing was done; see KV_P12.");
            }
            catch (KvConnectException problem)
            {
                throw new CliException(ExitCode.NothingThere, problem.Message);
            }
        }
    }

    /// <summary>The node itself, then the members that it can reach.</summary>
    private static IEnumerable<string> ContactPoints(JsonElement status)
    {
        var own = status.GetProperty("address").GetString()!;
        var system = own[..(own.IndexOf('@', StringComparison.Ordinal) + 1)];
        return status.Items("members").Where(member => member.Is("reachable")).Select(member => system + member.Text("address")).Prepend(own).Distinct();
    }
}
