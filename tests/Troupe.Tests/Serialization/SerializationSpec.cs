using System.Runtime.Serialization;
using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Serialization;
using Troupe.Tests.Actor;

namespace Troupe.Tests.Serialization;

public class SerializationSpec
{
    private const string Own = """
        akka.actor {
          serializers {
            wide = "Troupe.Tests.Serialization.WideSerializer, Troupe.Tests"
            narrow = "Troupe.Tests.Serialization.NarrowSerializer, Troupe.Tests"
          }
          serialization-bindings {
            "Troupe.Tests.Serialization.IWide, Troupe.Tests" = wide
            "Troupe.Tests.Serialization.INarrow, Troupe.Tests" = narrow
          }
        }
        """;

    [Fact]
    public void A_type_without_a_binding_is_an_error_that_names_it_and_the_setting()
    {
        using var system = new ManualSystem();

        var error = Assert.Throws<SerializationException>(() => system.System.Serialization.FindSerializerFor(new Unbound()));

        Assert.Contains("Troupe.Tests.Serialization.Unbound, Troupe.Tests", error.Message, StringComparison.Ordinal);
        Assert.Contains("akka.actor.serialization-bindings", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_most_specific_binding_wins_whatever_their_order()
    {
        using var system = new ManualSystem(Own);
        var serialization = system.System.Serialization;

        Assert.IsType<WideSerializer>(serialization.FindSerializerForType(typeof(OnlyWide)));
        Assert.IsType<NarrowSerializer>(serialization.FindSerializerForType(typeof(Both)));
    }

    [Theory]
    [InlineData("akka.actor.serializers.x = \"No.Such.Serializer\"", "akka.actor.serializers.x")]
    [InlineData("akka.actor.serializers.x = \"System.String\"", "akka.actor.serializers.x")]
    [InlineData("akka.actor.serialization-bindings { \"No.Such.Type\" = bytes }", "No.Such.Type")]
    [InlineData("akka.actor.serialization-bindings { \"System.Guid\" = nowhere }", "nowhere")]
    [InlineData("akka.actor.serializers.x = \"Troupe.Tests.Serialization.TwinSerializer\"", "4")]
    public void A_wrong_setting_is_an_error_that_names_it(string config, string named)
    {
        var error = Assert.Throws<ConfigurationException>(() => new ManualSystem(config));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_runtime_sends_comes_back_as_it_was()
    {
        using var system = new ManualSystem();
        var actor = system.StartNoting("a");
        object[] messages =
        [
            "text \u00e9", 42, 1L << 40, true, PoisonPill.Instance, Kill.Instance, ReceiveTimeout.Instance, Done.Instance,
            new Identify("id"), new Identify(7), new ActorIdentity("id", actor), new ActorIdentity(7, null), actor,
            new Address("akka.tcp", "sys", "host", 1),
        ];

        foreach (var message in messages) Assert.Equal(message, RoundTrip(system, message));
        Assert.Equal(new byte[] { 1, 2 }, RoundTrip(system, new byte[] { 1, 2 }));
    }

    [Fact]
    public void A_status_comes_back_with_its_result_or_the_text_of_its_exception()
    {
        using var system = new ManualSystem();

        Assert.Equal("ok", ((Status.Success)RoundTrip(system, new Status.Success("ok"))).Status);
        var failure = (Status.Failure)RoundTrip(system, new Status.Failure(new InvalidOperationException("no"), 3));
        Assert.Equal("no", failure.Cause.Message);
        Assert.Contains("System.InvalidOperationException", failure.Cause.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, failure.State);
    }

    [Fact]
    public void A_selection_comes_back_with_its_steps_and_message()
    {
        using var system = new ManualSystem();
        SelectionPathElement[] steps =
            [SelectParent.Instance, new SelectChildName("a"), new SelectChildPattern("b*"), SelectChildRecursive.Instance];

        var read = (ActorSelectionMessage)RoundTrip(system, new ActorSelectionMessage("text", steps, wildCardFanOut: true));

        Assert.Equal(steps, read.Elements);
        Assert.Equal("text", read.Message);
        Assert.True(read.WildCardFanOut);
    }

    [Fact]
    public void Mutilated_bytes_are_refused_with_an_ordinary_exception()
    {
        using var system = new ManualSystem();
        var serialization = system.System.Serialization;
        var message = new ActorSelectionMessage(new Identify("id"), [new SelectChildName("a"), SelectParent.Instance]);
        var serializer = (SerializerWithStringManifest)serialization.FindSerializerFor(message);
        var bytes = serializer.ToBinary(message);
        var random = new Random(17);
        for (var round = 0; round < 2000; round++)
        {
            var mutilated = bytes[..random.Next(bytes.Length + 1)];
            if (mutilated.Length > 0) mutilated[random.Next(mutilated.Length)] = (byte)random.Next(256);
            try
            {
                Assert.IsType<ActorSelectionMessage>(serializer.FromBinary(mutilated, serializer.Manifest(message)));
            }
            catch (Exception e)
            {
                Assert.True(e is SerializationException or ArgumentException or FormatException, e.ToString());
            }
        }
    }

    [Fact]
    public void A_reference_is_written_with_the_address_of_the_transport()
    {
        using var system = new ManualSystem();
        var actor = system.StartNoting("a");
        var outside = new Information(new Address("akka.tcp", "manual", "host", 1), system.System);

        var path = Akka.Serialization.Serialization.WithInformation(outside, actor,
            Akka.Serialization.Serialization.SerializedActorPath);

        Assert.Equal($"akka.tcp://manual@host:1/user/a#{actor.Path.Uid}", path);
        Assert.Equal(actor.Path.ToSerializationFormat(), Akka.Serialization.Serialization.SerializedActorPath(actor));
        Assert.Equal(actor, system.System.Serialization.DeserializeActorRef(actor.Path.ToSerializationFormat()));
    }

    [Fact]
    public void With_serialize_messages_each_message_goes_through_its_serializer()
    {
        using var system = new ManualSystem(Own + "\nakka.actor.serialize-messages = on");
        var got = new List<object>();
        var actor = system.Start((_, message) => got.Add(message));
        var sent = new Both();

        system.Tell(actor, sent);

        Assert.NotSame(sent, Assert.IsType<Both>(Assert.Single(got)));
        Assert.Throws<SerializationException>(() => actor.Tell(new Unbound(), ActorRefs.NoSender));
        system.System.Stop(actor); // what the runtime tells its own actors is left alone
        system.Run();
        Assert.True(((IInternalActorRef)actor).IsTerminated);
    }

    [Fact]
    public void An_unknown_serializer_or_manifest_in_a_message_is_an_error()
    {
        using var system = new ManualSystem();

        Assert.Throws<SerializationException>(() => system.System.Serialization.Deserialize([], 999, "x"));
        Assert.Throws<SerializationException>(() => system.System.Serialization.Deserialize([], 16, "no such"));
    }

    private static object RoundTrip(ManualSystem system, object message)
    {
        var serialization = system.System.Serialization;
        var serializer = serialization.FindSerializerFor(message);
        return serialization.Deserialize(serialization.Serialize(message), serializer.Identifier,
            Akka.Serialization.Serialization.ManifestFor(serializer, message));
    }
}
