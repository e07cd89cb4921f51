using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace ActorRuntime.Specs.Persistence.Plugins;

/// <summary>Something to keep that has a serializer of its own, which refuses it when it is to.</summary>
public sealed record Parcel(string Content)
{
    public const string Unserializable = "cannot be serialized";
}

public sealed class ParcelSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 9001;

    public override string Manifest(object o) => "parcel";

    public override byte[] ToBinary(object obj) => obj is Parcel { Content: not Parcel.Unserializable } parcel
        ? Encoding.UTF8.GetBytes(parcel.Content)
        : throw new InvalidOperationException("on purpose: this parcel has no bytes");

    public override object FromBinary(byte[] bytes, string manifest) => manifest == "parcel"
        ? new Parcel(Encoding.UTF8.GetString(bytes))
        : throw new ArgumentException($"not a manifest of parcels: {manifest}");
}
