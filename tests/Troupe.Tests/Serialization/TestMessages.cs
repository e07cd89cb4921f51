using Akka.Actor;
using Akka.Serialization;

namespace Troupe.Tests.Serialization;

public interface IWide;

public interface INarrow : IWide;

public sealed class OnlyWide : IWide;

public sealed class Both : INarrow;

public sealed class Unbound;

public sealed class WideSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 1001;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => [];

    public override object FromBinary(byte[] bytes, Type type) => new OnlyWide();
}

public sealed class NarrowSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 1002;

    public override string Manifest(object o) => "both";

    public override byte[] ToBinary(object obj) => [];

    public override object FromBinary(byte[] bytes, string manifest) =>
        manifest == "both" ? new Both() : throw new ArgumentException($"unknown manifest {manifest}", nameof(manifest));
}

/// <summary>Claims the number of another serializer.</summary>
public sealed class TwinSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 4;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => [];

    public override object FromBinary(byte[] bytes, Type type) => bytes;
}
