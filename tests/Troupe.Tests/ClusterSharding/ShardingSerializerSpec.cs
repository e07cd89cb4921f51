using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Sharding.Internal;
using Akka.Cluster.Sharding.Serialization;

namespace Troupe.Tests.ClusterSharding;

public sealed class ShardingSerializerSpec : IDisposable
{
    private readonly ExtendedActorSystem _system = (ExtendedActorSystem)ActorSystem.Create("test");
    private readonly ClusterShardingMessageSerializer _serializer;

    public ShardingSerializerSpec() => _serializer = new ClusterShardingMessageSerializer(_system);

    public void Dispose() => _system.Terminate().Wait(TimeSpan.FromSeconds(10));

    [Fact]
    public void Every_message_comes_back_as_it_went()
    {
        foreach (var message in Messages())
        {
            var bytes = _serializer.ToBinary(message);
            var back = _serializer.FromBinary(bytes, _serializer.Manifest(message));
            // A record's own equality compares arrays and sets by reference: their bytes are compared as well.
            Assert.Equal(message.GetType(), back.GetType());
            Assert.Equal(bytes, _serializer.ToBinary(back));
        }
    }

    [Fact]
    public void No_two_messages_have_the_same_manifest()
    {
        var manifests = Messages().Select(_serializer.Manifest).ToList();

        Assert.Equal(manifests.Count, manifests.Distinct().Count());
        Assert.Equal(28, manifests.Count);
    }

    [Fact]
    public void Damaged_bytes_are_refused()
    {
        foreach (var message in Messages().Where(m => _serializer.ToBinary(m).Length > 0))
        {
            var bytes = _serializer.ToBinary(message);
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<SerializationException>(() => _serializer.FromBinary(bytes[..length], _serializer.Manifest(message)));
            Assert.Throws<SerializationException>(() => _serializer.FromBinary([.. bytes, 0], _serializer.Manifest(message)));
        }
        Assert.Throws<SerializationException>(() => _serializer.FromBinary([], "nothing"));
    }

    [Fact]
    public void A_shard_that_is_said_to_be_in_two_places_is_refused()
    {
        var written = new BytesOfHomes().Region(Region("a"), "s").Region(Region("b"), "s").ToArray();

        Assert.Throws<SerializationException>(() => _serializer.FromBinary(written, "WH"));
    }

    private object[] Messages()
    {
        var (a, b) = (Region("a"), Region("b"));
        var homes = ShardHomes.Empty.WithRegion(a).WithRegion(b).WithHome("s", a).WithHome("t", a);
        var version = new HomesVersion((5L << 32) | 0xFFFFFFFF, 77);
        var address = Address.Parse("akka.tcp://test@host:1");
        var stats = new ShardRegionStats(ImmutableDictionary<string, int>.Empty.Add("s", 3), ["t"]);
        var shard = new ShardState("s", ["s/1"]);
        return
        [
            new ShardingMessage.Register(a, ["s", "t"]), new ShardingMessage.RegisterProxy(b), new ShardingMessage.GetShardHome("ä"),
            new ShardingMessage.ShardStarted("s"), new ShardingMessage.HandOffBegun("s"), new ShardingMessage.ShardStopped("s"),
            new ShardingMessage.ShutDownRegion(a), ShardingMessage.Registered.Instance, ShardingMessage.Released.Instance,
            new ShardingMessage.HostShard("s"),
            new ShardingMessage.ShardHome("s", a), new ShardingMessage.BeginHandOff("s"), new ShardingMessage.HandOff("s"),
            new ShardingMessage.ReadHomes("t", long.MaxValue), new ShardingMessage.HomesRead("t", -1, version, homes),
            new ShardingMessage.WriteHomes("t", version, homes), new ShardingMessage.HomesWritten("t", version),
            GetCurrentRegions.Instance, new CurrentRegions([address]), new GetClusterShardingStats(TimeSpan.FromSeconds(3)),
            new ClusterShardingStats(ImmutableDictionary<Address, ShardRegionStats>.Empty.Add(address, stats)),
            GetShardRegionStats.Instance, stats, GetShardRegionState.Instance, new CurrentShardRegionState([shard], ["t"]), shard,
            new ShardRegion.StartEntity("e"), new ShardingEnvelope("e", "hello"),
        ];
    }

    private IActorRef Region(string name) => _system.Provider.ResolveActorRef($"akka://test/system/sharding/{name}");

    /// <summary>The bytes of a WriteHomes that no coordinator would send.</summary>
    private sealed class BytesOfHomes
    {
        private readonly List<(string Region, string Shard)> _regions = [];

        public BytesOfHomes Region(IActorRef region, string shard)
        {
            _regions.Add((Akka.Serialization.Serialization.SerializedActorPath(region), shard));
            return this;
        }

        public byte[] ToArray()
        {
            var to = new Akka.Serialization.BinaryTextWriter();
            to.Text("t");
            for (var i = 0; i < 4; i++) to.Int(1);
            to.Int(_regions.Count);
            foreach (var (region, shard) in _regions)
            {
                to.Text(region);
                to.Int(1);
                to.Text(shard);
            }
            return to.ToArray();
        }
    }
}
