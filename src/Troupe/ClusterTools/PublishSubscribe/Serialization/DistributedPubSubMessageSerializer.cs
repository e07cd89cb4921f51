using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Cluster.Tools.PublishSubscribe.Serialization;

/// <summary>
/// What mediators and receptionists' clients say. A message inside travels with its own serializer; a reference as its path, and as an
/// empty text when there is none.
/// </summary>
public class DistributedPubSubMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string StatusManifest = "A", DeltaManifest = "B", SendManifest = "C", SendToAllManifest = "D",
        PublishManifest = "E", DeliverManifest = "F";

    public override string Manifest(object o) => o switch
    {
        MediatorMessage.Status => StatusManifest,
        MediatorMessage.Delta => DeltaManifest,
        Send => SendManifest,
        SendToAll => SendToAllManifest,
        Publish => PublishManifest,
        MediatorMessage.Deliver => DeliverManifest,
        _ => throw Unknown(o?.GetType().ToString() ?? "null"),
    };

    public override byte[] ToBinary(object obj)
    {
        var writer = new BinaryTextWriter();
        switch (obj)
        {
            case MediatorMessage.Status status:
                writer.Flag(status.IsReply);
                writer.Int(status.Versions.Count);
                foreach (var (owner, version) in status.Versions)
                {
                    writer.Node(owner);
                    writer.Long(version);
                }
                break;
            case MediatorMessage.Delta delta:
                writer.Int(delta.Buckets.Length);
                foreach (var bucket in delta.Buckets) Write(writer, bucket);
                break;
            case Send send:
                Write(writer, send.Path, send.LocalAffinity, send.Message);
                break;
            case SendToAll send:
                Write(writer, send.Path, send.ExcludeSelf, send.Message);
                break;
            case Publish publish:
                Write(writer, publish.Topic, publish.SendOneMessageToEachGroup, publish.Message);
                break;
            case MediatorMessage.Deliver deliver:
                writer.Text(deliver.Topic);
                writer.Flag(deliver.Group is not null);
                if (deliver.Group is not null) writer.Text(deliver.Group);
                writer.Payload(deliver.Message, system);
                break;
            default:
                throw Unknown(obj?.GetType().ToString() ?? "null");
        }
        return writer.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new BinaryTextReader(bytes);
        object message = manifest switch
        {
            StatusManifest => ReadStatus(reader),
            DeltaManifest => new MediatorMessage.Delta([.. ReadBuckets(reader)]),
            SendManifest when Read(reader) is var (path, affinity, sent) => new Send(path, sent, affinity),
            SendToAllManifest when Read(reader) is var (path, exclude, sent) => new SendToAll(path, sent, exclude),
            PublishManifest when Read(reader) is var (topic, groups, sent) => new Publish(topic, sent, groups),
            DeliverManifest => new MediatorMessage.Deliver(
                reader.Text(), reader.Flag() ? reader.Text() : null, reader.Payload(system)),
            _ => throw Unknown(manifest),
        };
        reader.End();
        return message;
    }

    private void Write(BinaryTextWriter writer, string text, bool flag, object message)
    {
        writer.Text(text);
        writer.Flag(flag);
        writer.Payload(message, system);
    }

    private (string Text, bool Flag, object Message) Read(BinaryTextReader reader) =>
        (reader.Text(), reader.Flag(), reader.Payload(system));

    private static void Write(BinaryTextWriter writer, RegistryBucket bucket)
    {
        writer.Node(bucket.Owner);
        writer.Long(bucket.Version);
        writer.Int(bucket.Entries.Count);
        foreach (var (key, entry) in bucket.Entries)
        {
            writer.Text(key);
            writer.Long(entry.Version);
            writer.Text(entry.Actor is null ? "" : Akka.Serialization.Serialization.SerializedActorPath(entry.Actor));
        }
    }

    private static MediatorMessage.Status ReadStatus(BinaryTextReader reader)
    {
        var isReply = reader.Flag();
        var versions = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, long>();
        for (var left = reader.Count(); left > 0; left--)
        {
            var owner = reader.Node();
            versions[owner] = reader.Long();
        }
        return new MediatorMessage.Status(versions.ToImmutable(), isReply);
    }

    private IEnumerable<RegistryBucket> ReadBuckets(BinaryTextReader reader)
    {
        for (var left = reader.Count(); left > 0; left--)
        {
            var bucket = RegistryBucket.Empty(reader.Node()) with { Version = reader.Long() };
            var entries = bucket.Entries.ToBuilder();
            for (var more = reader.Count(); more > 0; more--)
            {
                var (key, version, path) = (reader.Text(), reader.Long(), reader.Text());
                entries[key] = new RegistryEntry(version, path.Length == 0 ? null : system.Serialization.DeserializeActorRef(path));
            }
            yield return bucket with { Entries = entries.ToImmutable() };
        }
    }

    private static SerializationException Unknown(string what) =>
        new($"{nameof(DistributedPubSubMessageSerializer)} does not know [{what}].");
}
