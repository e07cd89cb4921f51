using Akka.Actor;
using Akka.Serialization;

namespace Troupe.Tests.Remote;

/// <summary>A message of any size, whose serializer can be made to fail on either side.</summary>
internal sealed record Blob(int Number, int Size, string Mood = Blob.Good)
{
    internal const string Good = "good";
    internal const string FailsToWrite = "fails to write";
    internal const string FailsToRead = "fails to read";
}

internal sealed class BlobSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 9001;

    public override string Manifest(object o) => ((Blob)o).Mood;

    public override byte[] ToBinary(object obj)
    {
        var blob = (Blob)obj;
        if (blob.Mood == Blob.FailsToWrite)
            throw new InvalidOperationException("this one does not want to be written");
        var bytes = new byte[sizeof(int) + blob.Size];
        BitConverter.TryWriteBytes(bytes, blob.Number);
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest) => manifest == Blob.FailsToRead
        ? throw new InvalidOperationException("this one does not want to be read")
        : new Blob(BitConverter.ToInt32(bytes), bytes.Length - sizeof(int), manifest);
}
