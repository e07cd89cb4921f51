using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Sharding.Internal;
using Akka.Serialization;

namespace Akka.Cluster.Sharding.Serialization;

/// <summary>
/// The messages of sharding. References travel as paths, sets and maps as a number and their parts in order; a message in an
/// envelope
/// travels with its own serializer's id and manifest.
/// </summary>
public class ClusterShardingMessageSerializer : SerializerWithStringManifest
{
    private static readonly Dictionary<Type, string> Manifests = new()
    {
        [typeof(ShardingMessage.Register)] = "R",
        [typeof(ShardingMessage.RegisterProxy)] = "RP",
        [typeof(ShardingMessage.GetShardHome)] = "GH",
        [typeof(ShardingMessage.ShardStarted)] = "SS",
        [typeof(ShardingMessage.HandOffBegun)] = "HB",
        [typeof(ShardingMessage.ShardStopped)] = "ST",
        [typeof(ShardingMessage.ShutDownRegion)] = "SD",
        [typeof(ShardingMessage.Registered)] = "RD",
        [typeof(ShardingMessage.Released)] = "RL",
        [typeof(ShardingMessage.HostShard)] = "HS",
        [typeof(ShardingMessage.ShardHome)] = "SH",
        [typeof(ShardingMessage.BeginHandOff)] = "BH",
        [typeof(ShardingMessage.HandOff)] = "HO",
        [typeof(ShardingMessage.ReadHomes)] = "RH",
        [typeof(ShardingMessage.HomesRead)] = "HR",
        [typeof(ShardingMessage.WriteHomes)] = "WH",
        [typeof(ShardingMessage.HomesWritten)] = "HW",
        [typeof(GetCurrentRegions)] = "GCR",
        [typeof(CurrentRegions)] = "CR",
        [typeof(GetClusterShardingStats)] = "GCS",
        [typeof(ClusterShardingStats)] = "CS",
        [typeof(GetShardRegionStats)] = "GRS",
        [typeof(ShardRegionStats)] = "RS",
        [typeof(GetShardRegionState)] = "GRE",
        [typeof(CurrentShardRegionState)] = "RE",
        [typeof(ShardState)] = "SE",
        [typeof(ShardRegion.StartEntity)] = "SEN",
        [typeof(ShardingEnvelope)] = "E",
    };

    private readonly ShardingCodec _codec;

    public ClusterShardingMessageSerializer(ExtendedActorSystem system)
        : base(system) => _codec = new ShardingCodec(system);

    public override string Manifest(object o) => Manifests.TryGetValue(o.GetType(), out var manifest)
        ? manifest
        : throw new ArgumentException($"{o.GetType()} is no message of sharding.", nameof(o));

    public override byte[] ToBinary(object obj)
    {
        var writer = new BinaryTextWriter();
        _codec.Write(writer, obj);
        return writer.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new BinaryTextReader(bytes);
        var message = _codec.Read(reader, manifest);
        reader.End();
        return message;
    }
}
