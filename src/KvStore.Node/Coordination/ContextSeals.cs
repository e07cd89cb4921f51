using System.Text;
using KvStore.Core.Causality;
using KvStore.Core.Placement;
using KvStore.Node.Settings;

namespace KvStore.Node.Coordination;

/// <summary>What seals and opens this cluster's causal contexts: its configured secret, or its id where there is none.</summary>
public static class ContextSeals
{
    public static CausalContextCodec Of(ClusterSettings settings, Ring ring) =>
        new(Encoding.UTF8.GetBytes(settings.Secret.Length > 0 ? settings.Secret : ring.Cluster.ToString()));
}
