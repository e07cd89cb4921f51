using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Cluster.Tools.Singleton.Serialization;

/// <summary>What singletons' managers say: both incarnations, each as address and uid.</summary>
internal sealed class SingletonMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string HandOverToMe = "A", HandOverInProgress = "B", HandOverDone = "C", TakeOverFromMe = "D";

    public override string Manifest(object o) => o switch
    {
        SingletonMessage.HandOverToMe => HandOverToMe,
        SingletonMessage.HandOverInProgress => HandOverInProgress,
        SingletonMessage.HandOverDone => HandOverDone,
        SingletonMessage.TakeOverFromMe => TakeOverFromMe,
        _ => throw new ArgumentException($"{o.GetType()} is no message between singletons' managers.", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        var message = (SingletonMessage)obj;
        var writer = new BinaryTextWriter();
        writer.Node(message.From);
        writer.Node(message.To);
        return writer.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new BinaryTextReader(bytes);
        var (from, to) = (reader.Node(), reader.Node());
        reader.End();
        return manifest switch
        {
            HandOverToMe => new SingletonMessage.HandOverToMe(from, to),
            HandOverInProgress => new SingletonMessage.HandOverInProgress(from, to),
            HandOverDone => new SingletonMessage.HandOverDone(from, to),
            TakeOverFromMe => new SingletonMessage.TakeOverFromMe(from, to),
            _ => throw new SerializationException($"No message between singletons' managers has the manifest [{manifest}]."),
        };
    }
}
