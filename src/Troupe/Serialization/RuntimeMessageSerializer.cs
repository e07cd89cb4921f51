using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>
/// The runtime's own messages. References travel as paths, exceptions as the text of their class, message and stack, since
/// nothing but a listed type may be made from bytes. A message inside a message travels with its own serializer's id and
/// manifest.
/// </summary>
internal sealed class RuntimeMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string IdentifyManifest = "ID", IdentityManifest = "AID", PoisonPillManifest = "PP", KillManifest = "K",
        SuccessManifest = "OK", FailureManifest = "NO", SelectionManifest = "SEL", RefManifest = "REF", AddressManifest = "ADR",
        ExceptionManifest = "EX", ReceiveTimeoutManifest = "RT", DoneManifest = "D", NobodyManifest = "NB";

    private enum Step : byte
    {
        Parent,
        Name,
        Pattern,
        Recursive,
    }

    public override string Manifest(object o) => o switch
    {
        Identify => IdentifyManifest,
        ActorIdentity => IdentityManifest,
        PoisonPill => PoisonPillManifest,
        Kill => KillManifest,
        Status.Success => SuccessManifest,
        Status.Failure => FailureManifest,
        ActorSelectionMessage => SelectionManifest,
        Nobody => NobodyManifest,
        IActorRef => RefManifest,
        Address => AddressManifest,
        Exception => ExceptionManifest,
        ReceiveTimeout => ReceiveTimeoutManifest,
        Done => DoneManifest,
        _ => throw Unknown(o?.GetType().ToString() ?? "null"),
    };

    public override byte[] ToBinary(object obj)
    {
        var writer = new BinaryTextWriter();
        switch (obj)
        {
            case Identify identify:
                WriteObject(writer, identify.MessageId);
                break;
            case ActorIdentity identity:
                WriteObject(writer, identity.MessageId);
                writer.Text(PathOf(identity.Subject));
                break;
            case Status.Success success:
                WriteObject(writer, success.Status);
                break;
            case Status.Failure failure:
                WriteException(writer, failure.Cause);
                WriteObject(writer, failure.State);
                break;
            case ActorSelectionMessage selection:
                WriteSelection(writer, selection);
                break;
            case IActorRef actor:
                writer.Text(PathOf(actor));
                break;
            case Address address:
                writer.Text(address.ToString());
                break;
            case Exception exception:
                WriteException(writer, exception);
                break;
            case PoisonPill or Kill or ReceiveTimeout or Done:
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
            IdentifyManifest => new Identify(ReadObject(reader)!),
            IdentityManifest => new ActorIdentity(ReadObject(reader)!, RefOf(reader.Text())),
            PoisonPillManifest => PoisonPill.Instance,
            KillManifest => Kill.Instance,
            ReceiveTimeoutManifest => ReceiveTimeout.Instance,
            DoneManifest => Done.Instance,
            SuccessManifest => new Status.Success(ReadObject(reader)),
            FailureManifest => new Status.Failure(ReadException(reader)!, ReadObject(reader)),
            SelectionManifest => ReadSelection(reader),
            RefManifest or NobodyManifest => RefOf(reader.Text()),
            AddressManifest => Address.Parse(reader.Text()),
            ExceptionManifest => ReadException(reader)!,
            _ => throw Unknown(manifest),
        };
        reader.End();
        return message;
    }

    private static string PathOf(IActorRef? actor) => Serialization.SerializedActorPath(actor!);

    private static SerializationException Unknown(string what) =>
        new($"{nameof(RuntimeMessageSerializer)} does not know [{what}].");

    private static void WriteException(BinaryTextWriter writer, Exception? exception)
    {
        writer.Byte(exception is null ? (byte)0 : (byte)1);
        if (exception is null) return;
        writer.Text((exception as RemoteException)?.ClassName ?? exception.GetType().FullName ?? "");
        writer.Text(exception.Message);
        writer.Text(exception.StackTrace ?? "");
    }

    private static RemoteException? ReadException(BinaryTextReader reader) =>
        reader.Byte() == 0 ? null : new RemoteException(reader.Text(), reader.Text(), reader.Text());

    private IActorRef RefOf(string path) => system.Serialization.DeserializeActorRef(path);

    private void WriteObject(BinaryTextWriter writer, object? value)
    {
        writer.Byte(value is null ? (byte)0 : (byte)1);
        if (value is null) return;
        var serializer = system.Serialization.FindSerializerFor(value);
        writer.Int(serializer.Identifier);
        writer.Text(Serialization.ManifestFor(serializer, value));
        writer.Bytes(serializer.ToBinary(value));
    }

    private object? ReadObject(BinaryTextReader reader)
    {
        if (reader.Byte() == 0) return null;
        var (identifier, manifest, bytes) = (reader.Int(), reader.Text(), reader.Bytes());
        return system.Serialization.Deserialize(bytes, identifier, manifest);
    }

    private void WriteSelection(BinaryTextWriter writer, ActorSelectionMessage selection)
    {
        writer.Byte(selection.WildCardFanOut ? (byte)1 : (byte)0);
        writer.Int(selection.Elements.Length);
        foreach (var element in selection.Elements)
        {
            writer.Byte((byte)(element switch
            {
                SelectParent => Step.Parent,
                SelectChildName => Step.Name,
                SelectChildPattern => Step.Pattern,
                SelectChildRecursive => Step.Recursive,
                _ => throw Unknown(element.GetType().ToString()),
            }));
            if (element is SelectChildName or SelectChildPattern) writer.Text(element.ToString()!);
        }

        WriteObject(writer, selection.Message);
    }

    private ActorSelectionMessage ReadSelection(BinaryTextReader reader)
    {
        var fanOut = reader.Byte() == 1;
        var elements = new SelectionPathElement[reader.Count()];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = (Step)reader.Byte() switch
            {
                Step.Parent => SelectParent.Instance,
                Step.Name => new SelectChildName(reader.Text()),
                Step.Pattern => new SelectChildPattern(reader.Text()),
                Step.Recursive => SelectChildRecursive.Instance,
                var step => throw Unknown($"a step {step} in a selection"),
            };
        }

        return new ActorSelectionMessage(ReadObject(reader) ?? throw Unknown("a selection without a message"), elements, fanOut);
    }
}
