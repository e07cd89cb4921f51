using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Node.Links;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Links;

public sealed class LinkRoutesSpec(ITestOutputHelper output) : TestKit(TestNodes.ConfigOf(""), "kv", output)
{
    /// <summary>
    /// What no link routes: answers, which go to who asked; what nodes say when they meet; what a client or a newcomer says to an actor by its
    /// path. A new message belongs here or in the routes, or it would be dropped without a word.
    /// </summary>
    private static readonly Type[] WithoutRoute =
    [
        typeof(ClientProtocol.GetDone), typeof(ClientProtocol.PutDone), typeof(ClientProtocol.Busy),
        typeof(ClientProtocol.BadRequest), typeof(ClientProtocol.RegisterDone), typeof(ClientProtocol.KeysListed),
        typeof(ClientProtocol.ChangeBucket), typeof(ClientProtocol.BucketChanged), typeof(ClientProtocol.GetRing),
        typeof(ClientProtocol.RingIs), typeof(NodeProtocol.Hello), typeof(NodeProtocol.Welcome), typeof(NodeProtocol.Unwelcome),
        typeof(NodeProtocol.WhoAreYou), typeof(NodeProtocol.Batch), typeof(NodeProtocol.StageChange),
        typeof(NodeProtocol.ChangeAnswered), typeof(NodeProtocol.EpochReached), typeof(NodeProtocol.HintRoom),
        typeof(NodeProtocol.RangeMarked), typeof(NodeProtocol.FoundingAnswered), typeof(ReplicaProtocol.ReplicaListed),
        typeof(ReplicaProtocol.ReplicaStored), typeof(ReplicaProtocol.ReplicaRead), typeof(ReplicaProtocol.ReplicaRefused),
        typeof(ReplicaProtocol.ReplicaFenced), typeof(ReplicaProtocol.SeenIs), typeof(ReplicaProtocol.OriginsAdopted),
        typeof(ReplicaProtocol.RegisterAnswered), typeof(ReplicaProtocol.ReapAgreed),
    ];

    [Fact]
    public void Every_message_goes_to_an_actor_or_needs_none()
    {
        var routes = new LinkRoutes
        {
            Replicas = TestActor, Coordinator = TestActor, Gossip = TestActor, Ring = TestActor, Handoff = TestActor, Hints = TestActor, Seat = TestActor,
        };
        var messages = typeof(IWireMessage).Assembly.GetTypes().Where(type => typeof(IWireMessage).IsAssignableFrom(type) && type is { IsAbstract: false });
        var unrouted = messages.Where(type => routes.For((IWireMessage)RuntimeHelpers.GetUninitializedObject(type)) is null);
        Assert.Equal(WithoutRoute.Select(type => type.FullName).Order(), unrouted.Select(type => type.FullName).Order());
    }
}
