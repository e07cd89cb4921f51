using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace ActorRuntime.Specs.Hosting;

public sealed class SerializationSpec() : Spec(
    """
    akka.actor {
      serializers.notes = "ActorRuntime.Specs.Hosting.NoteSerializer, ActorRuntime.Specs"
      serialization-bindings {
        "ActorRuntime.Specs.Hosting.INote, ActorRuntime.Specs" = notes
      }
      serialization-identifiers { "ActorRuntime.Specs.Hosting.NoteSerializer, ActorRuntime.Specs" = 4711 }
    }
    """)
{
    private Serialization Serialization => Sys.Serialization;

    [Fact]
    public void A_message_bound_by_its_interface_goes_to_that_serializer()
    {
        Assert.IsType<NoteSerializer>(Serialization.FindSerializerFor(new Note("a")));
        Assert.IsType<NoteSerializer>(Serialization.FindSerializerForType(typeof(Postcard)));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("")]
    [InlineData("umlaut ü and emoji 🙂")]
    public void A_message_comes_back_as_it_was(string text)
    {
        var note = new Note(text);

        var serializer = (SerializerWithStringManifest)Serialization.FindSerializerFor(note);
        var bytes = serializer.ToBinary(note);
        var back = Serialization.Deserialize(bytes, serializer.Identifier, serializer.Manifest(note));

        Assert.Equal(note, back);
    }

    [Fact]
    public void The_manifest_tells_types_of_one_serializer_apart()
    {
        INote[] notes = [new Note("same text"), new Postcard("same text")];

        var back = notes.Select(n =>
        {
            var serializer = Serialization.FindSerializerFor(n);
            return Serialization.Deserialize(serializer.ToBinary(n), serializer.Identifier, Serialization.ManifestFor(serializer, n));
        });

        Assert.Equal(notes, back);
    }

    [Fact]
    public void The_identifier_comes_from_the_settings() =>
        Assert.Equal(4711, Serialization.FindSerializerFor(new Note("a")).Identifier);

    [Fact]
    public void An_unknown_manifest_is_an_error() =>
        Assert.ThrowsAny<Exception>(() => Serialization.Deserialize([], 4711, "no such manifest"));

    [Fact]
    public void An_unknown_identifier_is_an_error() =>
        Assert.ThrowsAny<Exception>(() => Serialization.Deserialize([], 999_999, "n"));

    [Fact]
    public void A_reference_survives_serialization()
    {
        var path = Serialization.SerializedActorPath(TestActor);

        var back = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(path);

        Assert.Equal(TestActor, back);
        back.Tell("hello", ActorRefs.NoSender);
        ExpectMsg("hello", Soon);
    }

    [Fact]
    public void Strings_and_bytes_need_no_binding_of_ones_own()
    {
        foreach (var message in (object[])["text", new byte[] { 1, 2, 3 }])
        {
            var serializer = Serialization.FindSerializerFor(message);

            var back = Serialization.Deserialize(
                serializer.ToBinary(message), serializer.Identifier, Serialization.ManifestFor(serializer, message));

            Assert.Equal(message, back);
        }
    }
}

public interface INote
{
    string Text { get; }
}

public sealed record Note(string Text) : INote;

public sealed record Postcard(string Text) : INote;

public sealed class NoteSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override string Manifest(object o) => o switch
    {
        Note => "n",
        Postcard => "p",
        _ => throw new ArgumentException($"Not a note: {o.GetType()}", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((INote)obj).Text);

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "n" => new Note(Encoding.UTF8.GetString(bytes)),
        "p" => new Postcard(Encoding.UTF8.GetString(bytes)),
        _ => throw new ArgumentException($"No such manifest: {manifest}", nameof(manifest)),
    };
}
