using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace KvStore.Wire;

/// <summary>Gives Akka the bytes of <see cref="WireCodec"/>: numbered manifests, no type names, no reflection.</summary>
public sealed class KvSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Never changes: it is on the wire.</summary>
    public override int Identifier => 4001;

    public override string Manifest(object o) => WireCodec.ManifestOf(Message(o));

    public override byte[] ToBinary(object obj) => WireCodec.Encode(Message(obj));

    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return WireCodec.Decode(manifest, bytes);
        }
        catch (WireFormatException problem)
        {
            throw new SerializationException($"A message was dropped: {problem.Message}", problem);
        }
    }

    private static IWireMessage Message(object o) =>
        o as IWireMessage ?? throw new ArgumentException($"{o.GetType()} is no message between nodes", nameof(o));
}
