using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>What the coordinator's decisions ask its actor to do, in their order.</summary>
internal abstract record CoordinatorEffect
{
    public sealed record Send(IActorRef To, ShardingMessage Message) : CoordinatorEffect;

    /// <summary>Says when the region or proxy is gone.</summary>
    public sealed record Watch(IActorRef Region) : CoordinatorEffect;

    /// <summary>Brings this state to enough members, and then says so.</summary>
    public sealed record Write(long Number, ShardHomes Homes) : CoordinatorEffect;

    /// <summary>Asks the strategy for the home of a shard; one such question at a time.</summary>
    public sealed record Allocate(string Shard, IActorRef Requester, IImmutableDictionary<IActorRef, IImmutableList<string>> Regions)
        : CoordinatorEffect;

    /// <summary>Asks the strategy which shards shall move.</summary>
    public sealed record AskWhatMoves(
        IImmutableDictionary<IActorRef, IImmutableList<string>> Regions, IImmutableSet<string> Moving) : CoordinatorEffect;

    /// <summary>Says, after the hand-off's time, that it is over.</summary>
    public sealed record StartHandOffTimer(string Shard, long Attempt) : CoordinatorEffect;
}
