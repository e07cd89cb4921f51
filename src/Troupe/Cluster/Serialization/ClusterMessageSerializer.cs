using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Daemons;
using Akka.Serialization;
using Akka.Util;

namespace Akka.Cluster.Serialization;

/// <summary>The messages between the cluster's own actors. Each has a manifest of one letter or two; docs/formats/cluster.md.</summary>
internal sealed class ClusterMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string HeartbeatManifest = "H", HeartbeatAnswerManifest = "HA", StatusManifest = "S", GossipManifest = "G",
        InitJoinManifest = "I", InitJoinAckManifest = "IA", InitJoinNackManifest = "IN", JoinManifest = "J", WelcomeManifest = "W",
        ExitingConfirmedManifest = "E";

    public override string Manifest(object o) => o switch
    {
        Heartbeat => HeartbeatManifest,
        HeartbeatAnswer => HeartbeatAnswerManifest,
        GossipStatus => StatusManifest,
        GossipEnvelope => GossipManifest,
        InitJoin => InitJoinManifest,
        InitJoinAck => InitJoinAckManifest,
        InitJoinNack => InitJoinNackManifest,
        Join => JoinManifest,
        Welcome => WelcomeManifest,
        ExitingConfirmed => ExitingConfirmedManifest,
        _ => throw Unknown(o?.GetType().ToString() ?? "null"),
    };

    public override byte[] ToBinary(object obj)
    {
        var writer = new ClusterWriter();
        switch (obj)
        {
            case Heartbeat or InitJoin:
                break;
            case HeartbeatAnswer answer:
                writer.Node(answer.From);
                break;
            case GossipStatus status:
                writer.Node(status.From);
                writer.Digest(status.Digest);
                writer.Bytes(status.Seen);
                break;
            case GossipEnvelope envelope:
                writer.Node(envelope.From);
                writer.Uid(envelope.ToUid);
                writer.Byte(envelope.IsAnswer ? (byte)1 : (byte)0);
                GossipCodec.Write(writer, envelope.Gossip);
                break;
            case InitJoinAck ack:
                writer.Address(ack.Address);
                break;
            case InitJoinNack nack:
                writer.Address(nack.Address);
                break;
            case Join join:
                WriteJoin(writer, join);
                break;
            case Welcome welcome:
                writer.Node(welcome.From);
                GossipCodec.Write(writer, welcome.Gossip);
                break;
            case ExitingConfirmed confirmed:
                writer.Node(confirmed.Node);
                break;
            default:
                throw Unknown(obj?.GetType().ToString() ?? "null");
        }
        return writer.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new ClusterReader(bytes);
        object message = manifest switch
        {
            HeartbeatManifest => Heartbeat.Instance,
            HeartbeatAnswerManifest => new HeartbeatAnswer(reader.Node()),
            StatusManifest => new GossipStatus(reader.Node(), reader.Digest(), reader.Bytes()),
            GossipManifest => new GossipEnvelope(
                reader.Node(), reader.Uid(), reader.Byte() == 1, GossipCodec.Read(reader), system.Scheduler.MonotonicClock),
            InitJoinManifest => InitJoin.Instance,
            InitJoinAckManifest => new InitJoinAck(reader.Address()),
            InitJoinNackManifest => new InitJoinNack(reader.Address()),
            JoinManifest => ReadJoin(reader),
            WelcomeManifest => new Welcome(reader.Node(), GossipCodec.Read(reader)),
            ExitingConfirmedManifest => new ExitingConfirmed(reader.Node()),
            _ => throw Unknown(manifest),
        };
        reader.End();
        return message;
    }

    private static void WriteJoin(ClusterWriter writer, Join join)
    {
        writer.Node(join.Node);
        writer.Number(join.Roles.Count);
        foreach (var role in join.Roles.Order(StringComparer.Ordinal))
            writer.Text(role);
        writer.Text(join.AppVersion.Version);
    }

    private static Join ReadJoin(ClusterReader reader)
    {
        var node = reader.Node();
        var roles = new string[reader.Count()];
        for (var i = 0; i < roles.Length; i++)
            roles[i] = reader.Text();
        return new Join(node, [.. roles], AppVersion.Create(reader.Text()));
    }

    private static SerializationException Unknown(string what) =>
        new($"{nameof(ClusterMessageSerializer)} does not know [{what}].");
}
