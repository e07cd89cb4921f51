using System.Text;
using Akka.Actor;

namespace KvStore.Node.Persistence;

/// <summary>
/// One event or snapshot as it is kept: when, by whom, and its bytes with what it takes to read them. Immutable.
/// </summary>
/// <param name="Timestamp">UTC ticks.</param>
/// <param name="WriterGuid">The instance of the actor that wrote it; empty for a snapshot.</param>
/// <param name="EventManifest">The event's own manifest, as the actor gave it.</param>
/// <param name="Payload">What is kept.</param>
internal sealed record PersistedRecord(long Timestamp, string WriterGuid, string EventManifest, object Payload)
{
    private const byte Version = 1;

    /// <summary>The record's bytes, by the serializer that the payload's type is bound to.</summary>
    /// <exception cref="Exception">Whatever the serializer throws: the payload cannot be kept.</exception>
    public byte[] Write(ActorSystem system)
    {
        var serializer = system.Serialization.FindSerializerFor(Payload);
        var payload = serializer.ToBinary(Payload);
        using var buffer = new MemoryStream(payload.Length + 64);
        using (var writer = new BinaryWriter(buffer, Encoding.UTF8))
        {
            writer.Write(Version);
            writer.Write(Timestamp);
            writer.Write(WriterGuid);
            writer.Write(EventManifest);
            writer.Write(serializer.Identifier);
            writer.Write(Akka.Serialization.Serialization.ManifestFor(serializer, Payload));
            writer.Write(payload);
        }
        return buffer.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no record, or one of a newer release.</exception>
    public static PersistedRecord Read(ActorSystem system, byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            if (reader.ReadByte() is not Version and var version)
                throw new InvalidDataException($"A record of the journal has the version {version}, and this release reads {Version}.");
            var (timestamp, writer, manifest) = (reader.ReadInt64(), reader.ReadString(), reader.ReadString());
            var (serializer, payloadManifest) = (reader.ReadInt32(), reader.ReadString());
            var payload = reader.ReadBytes(bytes.Length - (int)reader.BaseStream.Position);
            return new PersistedRecord(timestamp, writer, manifest, system.Serialization.Deserialize(payload, serializer, payloadManifest));
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("A record of the journal ends too early.", e);
        }
    }
}
