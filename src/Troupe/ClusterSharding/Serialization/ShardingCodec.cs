using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Sharding.Internal;
using Akka.Serialization;

namespace Akka.Cluster.Sharding.Serialization;

/// <summary>Writes and reads the fields of sharding's messages, in the order of their declaration. Safe from any
/// thread.</summary>
internal sealed class ShardingCodec(ExtendedActorSystem system)
{
    public void Write(BinaryTextWriter to, object message)
    {
        switch (message)
        {
            case ShardingMessage.Register m: Ref(to, m.Region); Texts(to, m.Shards); break;
            case ShardingMessage.RegisterProxy m: Ref(to, m.Proxy); break;
            case ShardingMessage.GetShardHome m: to.Text(m.Shard); break;
            case ShardingMessage.ShardStarted m: to.Text(m.Shard); break;
            case ShardingMessage.HandOffBegun m: to.Text(m.Shard); break;
            case ShardingMessage.ShardStopped m: to.Text(m.Shard); break;
            case ShardingMessage.ShutDownRegion m: Ref(to, m.Region); break;
            case ShardingMessage.HostShard m: to.Text(m.Shard); break;
            case ShardingMessage.ShardHome m: to.Text(m.Shard); Ref(to, m.Region); break;
            case ShardingMessage.BeginHandOff m: to.Text(m.Shard); break;
            case ShardingMessage.HandOff m: to.Text(m.Shard); break;
            case ShardingMessage.ReadHomes m: to.Text(m.TypeName); Long(to, m.Term); break;
            case ShardingMessage.HomesRead m: to.Text(m.TypeName); Long(to, m.Term); Version(to, m.Version); Homes(to, m.Homes); break;
            case ShardingMessage.WriteHomes m: to.Text(m.TypeName); Version(to, m.Version); Homes(to, m.Homes); break;
            case ShardingMessage.HomesWritten m: to.Text(m.TypeName); Version(to, m.Newest); break;
            case GetClusterShardingStats m: Long(to, m.Timeout.Ticks); break;
            case CurrentRegions m: Texts(to, [.. m.Regions.Select(r => r.ToString())]); break;
            case ClusterShardingStats m: Stats(to, m); break;
            case ShardRegionStats m: Stats(to, m); break;
            case CurrentShardRegionState m: State(to, m); break;
            case ShardState m: to.Text(m.ShardId); Texts(to, m.EntityIds); break;
            case ShardRegion.StartEntity m: to.Text(m.EntityId); break;
            case ShardingEnvelope m: to.Text(m.EntityId); Payload(to, m.Message); break;
        }
    }

    public object Read(BinaryTextReader from, string manifest) => manifest switch
    {
        "R" => new ShardingMessage.Register(Ref(from), [.. Texts(from)]),
        "RP" => new ShardingMessage.RegisterProxy(Ref(from)),
        "GH" => new ShardingMessage.GetShardHome(from.Text()),
        "SS" => new ShardingMessage.ShardStarted(from.Text()),
        "HB" => new ShardingMessage.HandOffBegun(from.Text()),
        "ST" => new ShardingMessage.ShardStopped(from.Text()),
        "SD" => new ShardingMessage.ShutDownRegion(Ref(from)),
        "RD" => ShardingMessage.Registered.Instance,
        "RL" => ShardingMessage.Released.Instance,
        "HS" => new ShardingMessage.HostShard(from.Text()),
        "SH" => new ShardingMessage.ShardHome(from.Text(), Ref(from)),
        "BH" => new ShardingMessage.BeginHandOff(from.Text()),
        "HO" => new ShardingMessage.HandOff(from.Text()),
        "RH" => new ShardingMessage.ReadHomes(from.Text(), Long(from)),
        "HR" => new ShardingMessage.HomesRead(from.Text(), Long(from), Version(from), Homes(from)),
        "WH" => new ShardingMessage.WriteHomes(from.Text(), Version(from), Homes(from)),
        "HW" => new ShardingMessage.HomesWritten(from.Text(), Version(from)),
        "GCR" => GetCurrentRegions.Instance,
        "CR" => new CurrentRegions(ImmutableHashSet.CreateRange(Texts(from).Select(Address.Parse))),
        "GCS" => new GetClusterShardingStats(TimeSpan.FromTicks(Long(from))),
        "CS" => new ClusterShardingStats(ImmutableDictionary.CreateRange(Many(from, () =>
            KeyValuePair.Create(Address.Parse(from.Text()), RegionStats(from))))),
        "GRS" => GetShardRegionStats.Instance,
        "RS" => RegionStats(from),
        "GRE" => GetShardRegionState.Instance,
        "RE" => new CurrentShardRegionState(ImmutableHashSet.CreateRange(Many(from, () => ShardState(from))), TextSet(from)),
        "SE" => ShardState(from),
        "SEN" => new ShardRegion.StartEntity(from.Text()),
        "E" => new ShardingEnvelope(from.Text(), Payload(from)),
        _ => throw new SerializationException($"The sharding message [{manifest}] is not known."),
    };

    private static ShardState ShardState(BinaryTextReader from) => new(from.Text(), TextSet(from));

    private static ShardRegionStats RegionStats(BinaryTextReader from) =>
        new(ImmutableDictionary.CreateRange(Many(from, () => KeyValuePair.Create(from.Text(), from.Int()))), TextSet(from));

    private static void Stats(BinaryTextWriter to, ClusterShardingStats stats)
    {
        to.Int(stats.Regions.Count);
        foreach (var (address, region) in stats.Regions)
        {
            to.Text(address.ToString());
            Stats(to, region);
        }
    }

    private static void Stats(BinaryTextWriter to, ShardRegionStats stats)
    {
        to.Int(stats.Stats.Count);
        foreach (var (shard, entities) in stats.Stats)
        {
            to.Text(shard);
            to.Int(entities);
        }
        Texts(to, stats.Failed);
    }

    private static void State(BinaryTextWriter to, CurrentShardRegionState state)
    {
        to.Int(state.Shards.Count);
        foreach (var shard in state.Shards)
        {
            to.Text(shard.ShardId);
            Texts(to, shard.EntityIds);
        }
        Texts(to, state.Failed);
    }

    private static void Homes(BinaryTextWriter to, ShardHomes homes)
    {
        to.Int(homes.Regions.Count);
        foreach (var (region, shards) in homes.Regions)
        {
            Ref(to, region);
            Texts(to, shards);
        }
    }

    private ShardHomes Homes(BinaryTextReader from)
    {
        var homes = ShardHomes.Empty;
        foreach (var (region, shards) in Many(from, () => (Ref(from), Texts(from))))
        {
            homes = homes.WithRegion(region);
            foreach (var shard in shards)
            {
                if (homes.HomeOf(shard) is not null) throw new SerializationException($"The shard [{shard}] is said to be in two places.");
                homes = homes.WithHome(shard, region);
            }
        }
        return homes;
    }

    private void Payload(BinaryTextWriter to, object message)
    {
        var serializer = system.Serialization.FindSerializerFor(message);
        to.Int(serializer.Identifier);
        to.Text(Akka.Serialization.Serialization.ManifestFor(serializer, message));
        to.Bytes(serializer.ToBinary(message));
    }

    private object Payload(BinaryTextReader from)
    {
        var serializer = from.Int();
        var manifest = from.Text();
        return system.Serialization.Deserialize(from.Bytes(), serializer, manifest);
    }

    private static void Ref(BinaryTextWriter to, IActorRef actor) => to.Text(Akka.Serialization.Serialization.SerializedActorPath(actor));

    private IActorRef Ref(BinaryTextReader from) => system.Provider.ResolveActorRef(from.Text());

    private static void Version(BinaryTextWriter to, HomesVersion version)
    {
        Long(to, version.Term);
        Long(to, version.Write);
    }

    private static HomesVersion Version(BinaryTextReader from) => new(Long(from), Long(from));

    private static void Long(BinaryTextWriter to, long value)
    {
        to.Int((int)value);
        to.Int((int)(value >> 32));
    }

    private static long Long(BinaryTextReader from) => (uint)from.Int() | (long)from.Int() << 32;

    private static void Texts(BinaryTextWriter to, IReadOnlyCollection<string> texts)
    {
        to.Int(texts.Count);
        foreach (var text in texts) to.Text(text);
    }

    private static ImmutableHashSet<string> TextSet(BinaryTextReader from) => [.. Texts(from)];

    private static List<string> Texts(BinaryTextReader from) => Many(from, from.Text);

    private static List<T> Many<T>(BinaryTextReader from, Func<T> one)
    {
        var many = new List<T>();
        for (var left = from.Count(); left > 0; left--) many.Add(one());
        return many;
    }
}
