using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.Singleton;
using Akka.Serialization;
using Troupe.Tests.Actor;

namespace Troupe.Tests.ClusterTools;

/// <summary>What the tools' actors say to each other over the wire, and what they make of nonsense.</summary>
public sealed class ToolsSerializersSpec
{
    public static TheoryData<string> Samples => [.. Messages.Keys];

    private static readonly SortedDictionary<string, object> Messages = new(StringComparer.Ordinal)
    {
        ["hand over"] = new SingletonMessage.HandOverToMe(Members.Node(1), Members.Node(2)),
        ["in progress"] = new SingletonMessage.HandOverInProgress(Members.Node(1), Members.Node(2)),
        ["done"] = new SingletonMessage.HandOverDone(Members.Node(1), Members.Node(2)),
        ["take over"] = new SingletonMessage.TakeOverFromMe(Members.Node(1), Members.Node(2)),
        ["send"] = new Send("/user/a", "text", localAffinity: true),
        ["send to all"] = new SendToAll("/user/a", 7, excludeSelf: true),
        ["publish"] = new Publish("news", new byte[] { 1 }.Length, sendOneMessageToEachGroup: true),
        ["deliver"] = new MediatorMessage.Deliver("news", null, "text"),
        ["deliver to a group"] = new MediatorMessage.Deliver("news", "g", "text"),
        ["get contacts"] = ReceptionistMessage.GetContacts.Instance,
        ["heartbeat"] = ReceptionistMessage.Heartbeat.Instance,
        ["answer to a heartbeat"] = ReceptionistMessage.HeartbeatRsp.Instance,
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_message_comes_out_as_it_went_in(string name)
    {
        using var system = new ManualSystem();
        var serialization = system.System.Serialization;
        var message = Messages[name];
        var serializer = serialization.FindSerializerFor(message);

        var back = serialization.Deserialize(
            serializer.ToBinary(message), serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, message));

        Assert.Equal(message, back);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_cut_message_is_refused(string name)
    {
        using var system = new ManualSystem();
        var message = Messages[name];
        var serializer = (SerializerWithStringManifest)system.System.Serialization.FindSerializerFor(message);
        var (bytes, manifest) = (serializer.ToBinary(message), serializer.Manifest(message));

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<SerializationException>(() => serializer.FromBinary(bytes[..length], manifest));
        }
    }

    [Fact]
    public void Lists_come_out_as_they_went_in()
    {
        using var system = new ManualSystem();
        var contacts = new ReceptionistMessage.Contacts(["akka.tcp://a@h:1/system/receptionist", "akka.tcp://a@h:2/system/receptionist"]);
        var status = new MediatorMessage.Status(
            ImmutableSortedDictionary.CreateRange([KeyValuePair.Create(Members.Node(1), long.MaxValue - 3)]), IsReply: true);

        Assert.Equal(contacts.Points.AsEnumerable(), Back(system, contacts).Points);
        var back = Back(system, status);
        Assert.Equal(status.Versions, back.Versions);
        Assert.True(back.IsReply);
    }

    [Fact]
    public void A_registrys_news_come_out_with_their_actors_and_with_what_was_removed()
    {
        using var system = new ManualSystem();
        var actor = system.System.ActorOf(Props.Create(() => new Idle()), "here");
        var registry = new PubSubRegistry(Members.Node(1));
        registry.Offer("p/user/here", actor, now: 10);
        registry.Offer("p/user/gone", actor, now: 11);
        registry.Offer("p/user/gone", null, now: 12);
        var news = registry.Since(ImmutableSortedDictionary<Akka.Cluster.UniqueAddress, long>.Empty, most: 100);

        var back = Assert.Single(Back(system, new MediatorMessage.Delta(news)).Buckets);

        Assert.Equal(12, back.Version);
        Assert.Equal(actor, back.Entries["p/user/here"].Actor);
        Assert.Null(back.Entries["p/user/gone"].Actor);
    }

    private static T Back<T>(ManualSystem system, T message) where T : notnull
    {
        var serialization = system.System.Serialization;
        var serializer = serialization.FindSerializerFor(message);
        return (T)serialization.Deserialize(
            serialization.Serialize(message), serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, message));
    }

    private sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
