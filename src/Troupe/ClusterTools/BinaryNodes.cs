using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Cluster.Tools;

/// <summary>How incarnations, and messages inside of messages, are written by the tools' serializers.</summary>
internal static class BinaryNodes
{
    public static void Node(this BinaryTextWriter writer, UniqueAddress node)
    {
        writer.Text(node.Address.ToString());
        writer.Int(node.Uid);
    }

    public static UniqueAddress Node(this BinaryTextReader reader)
    {
        var text = reader.Text();
        if (!Address.TryParse(text, out var address) || address!.HasLocalScope)
            throw new SerializationException($"[{text}] is no address of a member.");
        return new UniqueAddress(address, reader.Int());
    }

    public static void Long(this BinaryTextWriter writer, long value)
    {
        writer.Int((int)value);
        writer.Int((int)(value >> 32));
    }

    public static long Long(this BinaryTextReader reader) => (uint)reader.Int() | (long)reader.Int() << 32;

    public static void Flag(this BinaryTextWriter writer, bool value) => writer.Byte(value ? (byte)1 : (byte)0);

    public static bool Flag(this BinaryTextReader reader) => reader.Byte() != 0;

    /// <summary>A message with the serializer that is bound to it.</summary>
    public static void Payload(this BinaryTextWriter writer, object message, ExtendedActorSystem system)
    {
        var serializer = system.Serialization.FindSerializerFor(message);
        writer.Int(serializer.Identifier);
        writer.Text(Akka.Serialization.Serialization.ManifestFor(serializer, message));
        writer.Bytes(serializer.ToBinary(message));
    }

    public static object Payload(this BinaryTextReader reader, ExtendedActorSystem system)
    {
        var (identifier, manifest, bytes) = (reader.Int(), reader.Text(), reader.Bytes());
        return system.Serialization.Deserialize(bytes, identifier, manifest);
    }
}
