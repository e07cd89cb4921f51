using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Remote;

public partial class RemoteWatcher
{
    /// <summary>Are you there? Between the watchers of two systems.</summary>
    public sealed class Heartbeat
    {
        private Heartbeat()
        {
        }

        public static Heartbeat Instance { get; } = new();
    }

    /// <summary>Yes, and this is the incarnation that I belong to.</summary>
    public class HeartbeatRsp(int addressUid)
    {
        public int AddressUid { get; } = addressUid;
    }

    public class HeartbeatTick
    {
        private HeartbeatTick()
        {
        }

        public static HeartbeatTick Instance { get; } = new();
    }

    public class ReapUnreachableTick
    {
        private ReapUnreachableTick()
        {
        }

        public static ReapUnreachableTick Instance { get; } = new();
    }

    /// <summary>By now the first answer should have come: from here on silence counts.</summary>
    public sealed class ExpectedFirstHeartbeat(Address from)
    {
        public Address From { get; } = from;
    }

    public abstract class WatchCommand(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        public IInternalActorRef Watchee { get; } = watchee;

        public IInternalActorRef Watcher { get; } = watcher;
    }

    public sealed class WatchRemote(IInternalActorRef watchee, IInternalActorRef watcher) : WatchCommand(watchee, watcher);

    public sealed class UnwatchRemote(IInternalActorRef watchee, IInternalActorRef watcher) : WatchCommand(watchee, watcher);

    /// <summary>What a watcher watches; sent to it as a question, and back as the answer. Equal when the counts are.</summary>
    public sealed class Stats(int watching, int watchingNodes, ImmutableHashSet<(IActorRef, IActorRef)> watchingRefs,
        ImmutableHashSet<Address> watchingAddresses)
    {
        public static readonly Stats Empty = Counts(0, 0);

        public Stats(int watching, int watchingNodes) : this(watching, watchingNodes, [], [])
        {
        }

        /// <summary>Pairs of watchee and watcher.</summary>
        public int Watching { get; } = watching;

        public int WatchingNodes { get; } = watchingNodes;

        public ImmutableHashSet<(IActorRef, IActorRef)> WatchingRefs { get; } = watchingRefs;

        public ImmutableHashSet<Address> WatchingAddresses { get; } = watchingAddresses;

        public static Stats Counts(int watching, int watchingNodes) => new(watching, watchingNodes);

        public override bool Equals(object? obj) =>
            obj is Stats other && Watching == other.Watching && WatchingNodes == other.WatchingNodes;

        public override int GetHashCode() => Watching * 397 ^ WatchingNodes;

        public override string ToString() => $"Stats(watching={Watching}, watchingNodes={WatchingNodes})";
    }

    private Stats CurrentStats()
    {
        var pairs = Watching
            .SelectMany(entry => entry.Value, (entry, watcher) => ((IActorRef)entry.Key, (IActorRef)watcher))
            .ToImmutableHashSet();
        return new Stats(pairs.Count, WatchingNodes.Count, pairs, [.. WatchingNodes]);
    }
}
