using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>What regions, coordinators and the holders of their state say to each other. Commands imperative, facts in the past
/// tense.</summary>
internal abstract record ShardingMessage : IClusterShardingSerializable, IDeadLetterSuppression
{
    // Region to coordinator.

    /// <summary>Here is a region, with the shards that it has running.</summary>
    public sealed record Register(IActorRef Region, ImmutableArray<string> Shards) : ShardingMessage;

    /// <summary>Here is a region that takes no shards, but must hear of hand-offs.</summary>
    public sealed record RegisterProxy(IActorRef Proxy) : ShardingMessage;

    public sealed record GetShardHome(string Shard) : ShardingMessage;

    public sealed record ShardStarted(string Shard) : ShardingMessage;

    /// <summary>The region has forgotten where the shard lives and keeps what is sent to it.</summary>
    public sealed record HandOffBegun(string Shard) : ShardingMessage;

    /// <summary>No entity of the shard lives at this region any more.</summary>
    public sealed record ShardStopped(string Shard) : ShardingMessage;

    /// <summary>The region wants to be rid of its shards.</summary>
    public sealed record ShutDownRegion(IActorRef Region) : ShardingMessage;

    // Coordinator to region.

    public sealed record Registered : ShardingMessage
    {
        public static readonly Registered Instance = new();
    }

    public sealed record HostShard(string Shard) : ShardingMessage;

    public sealed record ShardHome(string Shard, IActorRef Region) : ShardingMessage;

    /// <summary>A region that wanted to be rid of its shards has none, and gets none.</summary>
    public sealed record Released : ShardingMessage
    {
        public static readonly Released Instance = new();
    }

    public sealed record BeginHandOff(string Shard) : ShardingMessage;

    public sealed record HandOff(string Shard) : ShardingMessage;

    // Coordinator to the holders of its state, and back.

    /// <summary>Asks what the holder has, and lets it refuse the writes of lower terms from now on.</summary>
    public sealed record ReadHomes(string TypeName, long Term) : ShardingMessage;

    /// <summary>The highest term that the holder has heard of, and what it has; nothing yet when the version is zero.</summary>
    public sealed record HomesRead(string TypeName, long Term, HomesVersion Version, ShardHomes Homes) : ShardingMessage;

    public sealed record WriteHomes(string TypeName, HomesVersion Version, ShardHomes Homes) : ShardingMessage;

    /// <summary>The holder has this version: the written one, or a later one (its term at least), and then the write was
    /// refused.</summary>
    public sealed record HomesWritten(string TypeName, HomesVersion Newest) : ShardingMessage;
}
