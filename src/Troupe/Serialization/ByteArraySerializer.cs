using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Bytes as they are.</summary>
public class ByteArraySerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => obj as byte[]
        ?? throw new NotSupportedException(
            $"{nameof(ByteArraySerializer)} takes byte[] only, not a {obj?.GetType().ToString() ?? "null"}.");

    public override object FromBinary(byte[] bytes, Type type) => bytes;
}
