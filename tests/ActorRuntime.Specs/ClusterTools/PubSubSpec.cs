using ActorRuntime.Specs.Hosting;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Akka.TestKit;

namespace ActorRuntime.Specs.ClusterTools;

/// <summary>Publish and subscribe over the whole cluster, and sending to an actor by its path wherever it has been put.</summary>
public sealed class PubSubSpec : ToolsSpec
{
    private ActorSystem _first = null!;
    private ActorSystem _second = null!;

    [Fact]
    public async Task A_published_message_reaches_every_subscriber_on_every_node()
    {
        await FormTwo();
        var (here, here2, there) = (Subscriber(_first), Subscriber(_first), Subscriber(_second));

        await Published(_first, new Note("from here"), here, here2, there);
        await Published(_second, new Note("from there"), here, here2, there);
    }

    [Fact]
    public async Task Subscribing_and_unsubscribing_are_acknowledged_and_after_that_nothing_comes()
    {
        await FormTwo();
        var probe = CreateTestProbe();
        var subscribe = new Subscribe("news", probe.Ref);
        Mediator(_first).Tell(subscribe, probe.Ref);
        Assert.Equal(subscribe, (await probe.ExpectMsgAsync<SubscribeAck>(Soon)).Subscribe);
        Mediator(_first).Tell(new Publish("news", new Note("one")));
        await probe.ExpectMsgAsync(new Note("one"), Soon);

        var unsubscribe = new Unsubscribe("news", probe.Ref);
        Mediator(_first).Tell(unsubscribe, probe.Ref);

        Assert.Equal(unsubscribe, (await probe.ExpectMsgAsync<UnsubscribeAck>(Soon)).Unsubscribe);
        Mediator(_first).Tell(new Publish("news", new Note("two")));
        await probe.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task A_message_to_each_group_reaches_one_of_each()
    {
        await FormTwo();
        var (a1, a2, b) = (Subscriber(_first, "a"), Subscriber(_second, "a"), Subscriber(_second, "b"));
        await AwaitPassesThrough(_first, new Note("b knows"), b, group: true);
        Drain(a1, a2);

        for (var i = 0; i < 10; i++)
        {
            Mediator(_first).Tell(new Publish("news", new Note($"{i}"), sendOneMessageToEachGroup: true));
        }

        for (var i = 0; i < 10; i++)
        {
            await b.FishForMessageAsync<Note>(note => note.Text == $"{i}", Soon);
        }
        var heard = Drain(a1, a2).Where(note => note.Text.Length == 1).Select(note => note.Text).Order();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), heard);
    }

    [Fact]
    public async Task A_message_to_a_path_reaches_one_actor_that_was_put_there()
    {
        await FormTwo();
        var (here, there) = (PutService(_first), PutService(_second));
        await AwaitSendToAllReaches(here, there);

        for (var i = 0; i < 20; i++)
        {
            Mediator(_first).Tell(new Send("/user/service", new Note($"{i}")));
        }

        var heard = await HeardOf(20, here, there);
        Assert.Equal(20, heard.Distinct().Count());
    }

    [Fact]
    public async Task With_local_affinity_it_is_the_actor_of_that_node()
    {
        await FormTwo();
        var (here, there) = (PutService(_first), PutService(_second));
        await AwaitSendToAllReaches(here, there);

        for (var i = 0; i < 20; i++)
        {
            Mediator(_first).Tell(new Send("/user/service", new Note($"{i}"), localAffinity: true));
        }

        for (var i = 0; i < 20; i++)
        {
            await here.ExpectMsgAsync(new Note($"{i}"), Soon);
        }
        await there.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task A_message_to_all_can_leave_the_senders_node_out()
    {
        await FormTwo();
        var (here, there) = (PutService(_first), PutService(_second));
        await AwaitSendToAllReaches(here, there);

        Mediator(_first).Tell(new SendToAll("/user/service", new Note("others"), excludeSelf: true));

        await there.ExpectMsgAsync(new Note("others"), Soon);
        await here.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task What_nobody_takes_is_a_dead_letter()
    {
        await FormTwo();
        var letters = CreateTestProbe();
        _first.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));

        Mediator(_first).Tell(new Send("/user/nobody", new Note("sent")));
        Mediator(_first).Tell(new Publish("silence", new Note("published")));

        await letters.FishForMessageAsync<DeadLetter>(letter => Unwrapped(letter) is Note { Text: "sent" }, Soon);
        await letters.FishForMessageAsync<DeadLetter>(letter => Unwrapped(letter) is Note { Text: "published" }, Soon);
    }

    [Fact]
    public async Task The_topics_are_those_that_anybody_in_the_cluster_subscribes_to()
    {
        await FormTwo();
        Subscriber(_second);

        await AwaitAssertAsync(
            async () =>
            {
                var probe = CreateTestProbe();
                Mediator(_first).Tell(GetTopics.Instance, probe.Ref);
                Assert.Equal(["news"], (await probe.ExpectMsgAsync<CurrentTopics>(Soon)).Topics);
            },
            Change);
    }

    [Fact]
    public async Task An_actor_that_has_stopped_is_no_longer_sent_to()
    {
        await FormTwo();
        var (here, there) = (PutService(_first), PutService(_second));
        await AwaitSendToAllReaches(here, there);
        _second.Stop(await _second.ActorSelection("/user/service").ResolveOne(Soon));
        await AwaitAssertAsync(
            async () =>
            {
                Mediator(_first).Tell(new SendToAll("/user/service", new Note("who"), excludeSelf: true));
                await there.ExpectNoMsgAsync(Silence);
            },
            Change);

        for (var i = 0; i < 10; i++)
        {
            Mediator(_first).Tell(new Send("/user/service", new Note($"{i}")));
        }

        for (var i = 0; i < 10; i++)
        {
            await here.ExpectMsgAsync(new Note($"{i}"), Soon);
        }
    }

    [Fact]
    public async Task A_member_that_was_removed_is_no_longer_sent_to()
    {
        await FormTwo();
        var (here, there) = (PutService(_first), PutService(_second));
        await AwaitSendToAllReaches(here, there);

        await Leave(_second);
        AwaitRemoved(AddressOf(_second), _first);

        for (var i = 0; i < 10; i++)
        {
            Mediator(_first).Tell(new Send("/user/service", new Note($"{i}")));
        }
        for (var i = 0; i < 10; i++)
        {
            await here.ExpectMsgAsync(new Note($"{i}"), Soon);
        }
    }

    private async Task FormTwo()
    {
        (_first, _second) = (NewSystem(), NewSystem());
        await Form(_first, _second);
        Mediator(_second);
    }

    private static IActorRef Mediator(ActorSystem system) => DistributedPubSub.Get(system).Mediator;

    private static object Unwrapped(DeadLetter letter) => WrappedMessage.Unwrap(letter.Message);

    /// <summary>Subscribes a probe by an actor of that system.</summary>
    private TestProbe Subscriber(ActorSystem system, string? group = null)
    {
        var probe = CreateTestProbe();
        var forwarder = system.ActorOf(Props.Create(() => new Forwarder(probe.Ref)));
        Mediator(system).Tell(new Subscribe("news", forwarder, group), probe.Ref);
        probe.ExpectMsg<SubscribeAck>(Soon);
        return probe;
    }

    private TestProbe PutService(ActorSystem system)
    {
        var probe = CreateTestProbe();
        Mediator(system).Tell(new Put(system.ActorOf(Props.Create(() => new Forwarder(probe.Ref)), "service")));
        return probe;
    }

    private async Task AwaitSendToAllReaches(params TestProbe[] services)
    {
        foreach (var service in services)
        {
            await AwaitAssertAsync(
                async () =>
                {
                    Mediator(_first).Tell(new SendToAll("/user/service", new Note("all")));
                    await service.ExpectMsgAsync(new Note("all"), Silence);
                },
                Change);
        }
        Drain(services);
    }

    private async Task Published(ActorSystem from, Note note, params TestProbe[] to)
    {
        foreach (var probe in to)
        {
            await AwaitPassesThrough(from, note, probe);
        }
        Drain(to);
    }

    private async Task AwaitPassesThrough(ActorSystem from, Note note, TestProbe to, bool group = false) => await AwaitAssertAsync(
        async () =>
        {
            Mediator(from).Tell(new Publish("news", note, group));
            await to.ExpectMsgAsync(note, Silence);
        },
        Change);

    private static async Task<List<string>> HeardOf(int count, params TestProbe[] services)
    {
        var heard = new List<string>();
        var end = TimeProvider.System.GetTimestamp();
        while (heard.Count < count && TimeProvider.System.GetElapsedTime(end) < Soon)
        {
            foreach (var service in services)
            {
                if (await service.ReceiveOneAsync(TimeSpan.FromMilliseconds(20)) is Note note) heard.Add(note.Text);
            }
        }
        return heard;
    }

    /// <summary>What has come until nothing comes any more.</summary>
    private static List<Note> Drain(params TestProbe[] probes) =>
        [.. probes.SelectMany(probe => probe.ReceiveWhile(Soon, Silence, message => message as Note)).OfType<Note>()];

    private sealed class Forwarder : ReceiveActor
    {
        public Forwarder(IActorRef to) => ReceiveAny(message => to.Forward(message));
    }
}
