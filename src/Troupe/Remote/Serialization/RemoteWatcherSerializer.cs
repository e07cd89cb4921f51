using System.Buffers.Binary;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>The heartbeats between the watchers of two systems: a question, and an answer with the uid (little-endian).</summary>
internal sealed class RemoteWatcherSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string HeartbeatManifest = "HB";
    private const string HeartbeatRspManifest = "HBR";

    public override string Manifest(object o) => o switch
    {
        RemoteWatcher.Heartbeat => HeartbeatManifest,
        RemoteWatcher.HeartbeatRsp => HeartbeatRspManifest,
        _ => throw new ArgumentException($"{o.GetType()} is no heartbeat of a watcher."),
    };

    public override byte[] ToBinary(object obj)
    {
        if (obj is not RemoteWatcher.HeartbeatRsp answer)
            return [];
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, answer.AddressUid);
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest) => (manifest, bytes.Length) switch
    {
        (HeartbeatManifest, _) => RemoteWatcher.Heartbeat.Instance,
        (HeartbeatRspManifest, sizeof(int)) => new RemoteWatcher.HeartbeatRsp(BinaryPrimitives.ReadInt32LittleEndian(bytes)),
        _ => throw new SerializationException(
            $"A watcher's heartbeat with the manifest [{manifest}] and {bytes.Length} bytes is not known."),
    };
}
