using KvStore.Core.Buckets;
using KvStore.Core.Identity;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Vfs;

namespace KvStore.Node;

/// <summary>What a node's process brings to its start beside the settings.</summary>
/// <param name="FreshId">
/// Random bits: the node's id, if its data directory is empty and its settings name none; and what tells that data from any other of the node.
/// </param>
public sealed record NodeStartup(NodeId FreshId)
{
    /// <summary>
    /// The cluster is new: an empty data directory is all there is to hold. Otherwise it means that the data is yet to come, or lost.
    /// </summary>
    public bool Init { get; init; }

    /// <summary>
    /// Whether the node makes its actor system a member of the cluster of actor systems, if it is set up for one and names no seeds.
    /// Off in a system that has an owner of its own, whose task that is.
    /// </summary>
    public bool JoinsByItself { get; init; } = true;

    /// <summary>Where the data directory is.</summary>
    public IFileSystem FileSystem { get; init; } = RealFileSystem.Instance;

    /// <summary>The engine's threads and timers; null for real ones.</summary>
    public Func<IEngineScheduler>? Scheduler { get; init; }

    /// <summary>The buckets that a new cluster begins with; null for the default one alone. The same on every node that begins it.</summary>
    public BucketCatalogue? Buckets { get; init; }
}
