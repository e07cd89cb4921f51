using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace KvStore.Benchmarks.Actors;

/// <summary>The message between processes: a number and a payload.</summary>
internal sealed record Payload(long Number, byte[] Bytes);

/// <summary>A serializer as applications write them: a short manifest and the bytes.</summary>
internal sealed class PayloadSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string PayloadManifest = "p";

    public override int Identifier => 4801;

    public override string Manifest(object o) => PayloadManifest;

    public override byte[] ToBinary(object obj)
    {
        var payload = (Payload)obj;
        var bytes = new byte[sizeof(long) + payload.Bytes.Length];
        BitConverter.TryWriteBytes(bytes, payload.Number);
        payload.Bytes.CopyTo(bytes, sizeof(long));
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest) => manifest == PayloadManifest
        ? new Payload(BitConverter.ToInt64(bytes), bytes[sizeof(long)..])
        : throw new SerializationException($"Unknown manifest [{manifest}] for a payload.");
}
