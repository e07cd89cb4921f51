using Akka.Actor;
using Akka.Configuration;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Node.Membership;
using KvStore.Node.Settings;
using KvStore.Storage;

namespace KvStore.Node;

/// <summary>
/// A ring whose majority is gone for good goes on without it: an operator's decision in the place of a vote, made on the data of one stopped
/// survivor. The others learn the new generation from that one when they run, as they would any newer ring; whoever is of the old one
/// and not in the new is out. Holds the data directory's lock: a node that runs cannot be recovered.
/// </summary>
public sealed class RingRecovery : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ActorSystem _system;
    private readonly DataSet _data;
    private readonly IActorRef _journal;

    private RingRecovery(ActorSystem system, DataSet data, IActorRef journal, Ring ring) =>
        (_system, _data, _journal, Ring) = (system, data, journal, ring);

    /// <summary>Whose data this is.</summary>
    public NodeId Node => _data.Identity.Node;

    /// <summary>The newest ring that the node knows.</summary>
    public Ring Ring { get; }

    /// <summary>Opens a stopped node's data.</summary>
    /// <exception cref="DataSetException">There is none, or it is another node's, or of a node that was never in a ring.</exception>
    /// <exception cref="StorageException">It is in use, or damaged.</exception>
    public static async Task<RingRecovery> Open(Config config, NodeSettings settings, NodeStartup startup)
    {
        var directory = settings.Storage.Directory;
        if (!Directory.Exists(directory))
            throw new DataSetException($"{directory} is not there: no node has held data there. Nothing was changed.");
        // No remoting, no cluster: nobody is to hear of this node before it is started.
        var system = ActorSystem.Create(settings.Cluster.Name, ConfigurationFactory.ParseString("akka.actor.provider = local").WithFallback(config));
        try
        {
            var data = NodeDisk.Get(system).Open(settings, startup);
            var journal = system.ActorOf(RingRecoveryActor.Props(), "recovery");
            var found = await journal.Ask<RingRecoveryActor.Found>(RingRecoveryActor.GetRing.Instance, Patience);
            return found.Ring is { } ring
                ? new RingRecovery(system, data, journal, ring)
                : throw new DataSetException($"{directory} knows of no ring: its node was never a member of one. Nothing was changed.");
        }
        catch
        {
            await system.Terminate();
            throw;
        }
    }

    /// <summary>Why the ring may not go on without these here, in words; null when it may.</summary>
    public string? Refusal(IReadOnlySet<NodeId> lost)
    {
        var rest = Ring.Members.Count(member => !lost.Contains(member.Id));
        if (lost.Count == 0) return "Nobody is called lost.";
        if (lost.FirstOrDefault(node => !Ring.Contains(node)) is { IsNone: false } stranger) return $"{stranger} is no member of the ring.";
        if (lost.Contains(Node)) return "This node itself is called lost: a ring is recovered on one that remains.";
        if (!Ring.Contains(Node)) return "This node is no member of its ring any more.";
        if (rest >= Ring.Majority)
            return $"{rest} of {Ring.Members.Length} members remain, which is a majority: have it agree on a change (kv remove, kv replace).";
        return Ring.Buckets.Definitions.FirstOrDefault(bucket => bucket.IsStrong) is { } strong
            ? $"Bucket '{strong.Name}' is strong: what a majority of a key's owners has agreed on cannot be told from what one of them remembers."
            : null;
    }

    /// <summary>What of the data hangs on the lost ones.</summary>
    public RecoveryRisk RiskOf(IReadOnlySet<NodeId> lost)
    {
        var (gone, doubtful) = (0, 0);
        foreach (var partition in Ring.Partitions)
        {
            var owners = Ring.PreferenceList(partition, Ring.Replicas).WriteTargets.ToList();
            var left = owners.Count(owner => !lost.Contains(owner));
            var enough = owners.Count - (owners.Count / 2 + 1) + 1;
            if (left == 0) gone++;
            else if (left < enough) doubtful++;
        }
        return new RecoveryRisk(gone, doubtful);
    }

    /// <summary>The ring that it would go on with.</summary>
    public Ring After(IReadOnlySet<NodeId> lost) => RingSteps.Recover(Ring, lost);

    /// <summary>Writes it down. On disk when this returns, and in force at the node's next start.</summary>
    /// <exception cref="StorageException">It was not written.</exception>
    public async Task<Ring> Begin(IReadOnlySet<NodeId> lost) =>
        (await _journal.Ask<RingRecoveryActor.Found>(new RingRecoveryActor.Begin(After(lost)), Patience)).Ring!;

    /// <summary>Closes the data as it was found: after a stop in order the next start need not look through it for this.</summary>
    public async ValueTask DisposeAsync()
    {
        await _journal.GracefulStop(Patience);
        if (_data.IsUnbroken) _data.MarkCleanStop();
        await _system.Terminate();
    }
}

/// <summary>What of a ring's data hangs on lost nodes.</summary>
/// <param name="Gone">Partitions of which nobody has anything.</param>
/// <param name="Doubtful">Partitions of which somebody has something, but too few for every acknowledged write to be among it.</param>
public readonly record struct RecoveryRisk(int Gone, int Doubtful);
