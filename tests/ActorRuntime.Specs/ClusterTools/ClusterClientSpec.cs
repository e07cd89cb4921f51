using System.Collections.Immutable;
using ActorRuntime.Specs.Hosting;
using ActorRuntime.Specs.Remoting;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;
using Akka.TestKit;

namespace ActorRuntime.Specs.ClusterTools;

/// <summary>A system outside talks to services inside a cluster through a receptionist on one of its members.</summary>
public sealed class ClusterClientSpec : ToolsSpec
{
    public ClusterClientSpec() => IgnoreMessages(message => message is SubscribeAck);

    [Fact]
    public async Task A_request_reaches_a_service_and_the_answer_comes_without_its_sender()
    {
        var node = NewSystem();
        await Form(node);
        Serve(node);
        var client = Client(node);

        client.Tell(new ClusterClient.Send("/user/service", new Note("hello")), TestActor);

        await ExpectMsgAsync(new Note($"hello at {AddressOf(node)}"), Change);
        Assert.Equal(Sys.DeadLetters, LastSender);
    }

    [Fact]
    public async Task The_service_sees_a_sender_on_its_own_node()
    {
        var node = NewSystem();
        await Form(node);
        var service = CreateTestProbe();
        var forwarder = node.ActorOf(Props.Create(() => new Forwarder(service.Ref)), "service");
        ClusterClientReceptionist.Get(node).RegisterService(forwarder);

        Client(node).Tell(new ClusterClient.Send("/user/service", new Note("hello")), TestActor);

        await service.ExpectMsgAsync(new Note("hello"), Change);
        Assert.True(service.LastSender.Path.Address.HasLocalScope || service.LastSender.Path.Address == AddressOf(node));
        Assert.StartsWith("/system/receptionist/", service.LastSender.Path.ToStringWithoutAddress(), StringComparison.Ordinal);
        service.LastSender.Tell(new Note("answer"), ActorRefs.NoSender);
        await ExpectMsgAsync(new Note("answer"), Soon);
    }

    [Fact]
    public async Task Local_affinity_means_the_receptionists_own_node()
    {
        var (first, second) = (NewSystem(), NewSystem());
        await Form(first, second);
        Serve(first);
        Serve(second);
        var client = Client(first);
        await AwaitAnswers(client, first, second);

        for (var i = 0; i < 20; i++)
        {
            client.Tell(new ClusterClient.Send("/user/service", new Note($"{i}"), localAffinity: true), TestActor);
        }

        var answers = await ReceiveNAsync(20, Change).Select(o => ((Note)o).Text).ToListAsync();
        Assert.Single(answers.Select(text => text[text.IndexOf(" at ", StringComparison.Ordinal)..]).Distinct());
    }

    [Fact]
    public async Task A_message_to_all_and_a_published_one_reach_all()
    {
        var (first, second) = (NewSystem(), NewSystem());
        await Form(first, second);
        Serve(first);
        Serve(second);
        var client = Client(first);

        await AwaitAnswers(client, first, second);
        await AwaitAnswersTo(client, new ClusterClient.Publish("news", new Note("published")), "published", first, second);
    }

    [Fact]
    public async Task What_is_sent_before_there_is_contact_waits_in_order_and_a_full_buffer_drops_the_oldest()
    {
        var node = NewSystem();
        var client = Client(node, settings => settings.WithBufferSize(3));
        for (var i = 0; i < 5; i++)
        {
            client.Tell(new ClusterClient.Send("/user/service", new Note($"{i}"), localAffinity: true), TestActor);
        }
        AwaitHandled(client);

        await Form(node);
        Serve(node);

        for (var i = 2; i < 5; i++)
        {
            await ExpectMsgAsync(new Note($"{i} at {AddressOf(node)}"), Change);
        }
    }

    [Fact]
    public async Task The_client_learns_the_other_contact_points_and_tells_whoever_wants_to_know()
    {
        var (first, second) = (NewSystem(), NewSystem());
        await Form(first, second);
        ClusterClientReceptionist.Get(first);
        ClusterClientReceptionist.Get(second);
        var client = Client(first);
        var told = CreateTestProbe();

        client.Tell(SubscribeContactPoints.Instance, told.Ref);

        var known = (await told.ExpectMsgAsync<ContactPoints>(Change)).ContactPointsList;
        if (!known.Contains(Receptionist(second)))
        {
            var added = await told.FishForMessageAsync<ContactPointAdded>(e => e.ContactPoint == Receptionist(second), Change);
            Assert.Equal(Receptionist(second), added.ContactPoint);
        }
        client.Tell(GetContactPoints.Instance, told.Ref);
        var points = await told.ExpectMsgAsync<ContactPoints>(Soon);
        Assert.Equal(new[] { Receptionist(first), Receptionist(second) }.Order(), points.ContactPointsList.Order());
        await Leave(second);
        await told.FishForMessageAsync<ContactPointRemoved>(e => e.ContactPoint == Receptionist(second), Change);
    }

    [Fact]
    public async Task When_the_receptionists_node_leaves_the_client_turns_to_another()
    {
        var (first, second) = (NewSystem(), NewSystem());
        await Form(first, second);
        Serve(second, receives: false);
        ClusterClientReceptionist.Get(first);
        var client = Client(first);
        await AwaitAnswers(client, second);
        ClusterClientReceptionist.Get(second);
        AwaitKnows(client, 2);

        await Leave(first);

        await AwaitAnswers(client, second);
    }

    [Fact]
    public async Task When_the_receptionist_falls_silent_messages_are_lost_until_that_is_noticed_and_kept_from_then_on()
    {
        var line = new Line();
        var port = FreePort();
        var first = NewSystem(
            $"akka.remote.dot-netty.tcp {{ port = {port}, public-hostname = \"127.0.0.1\", public-port = {line.Port} }}");
        line.ConnectTo(port);
        var second = NewSystem();
        await Form(first, second);
        Serve(second, receives: false);
        ClusterClientReceptionist.Get(first);
        var client = Client(first);
        await AwaitAnswers(client, second);
        ClusterClientReceptionist.Get(second);
        AwaitKnows(client, 2);

        await line.DisposeAsync();
        var before = TimeProvider.System.GetTimestamp();
        client.Tell(new ClusterClient.Send("/user/service", new Note("at once")), TestActor);

        // The detector needs its pause: what is sent until then goes nowhere, and nobody is told.
        await AwaitAssertAsync(
            async () =>
            {
                client.Tell(new ClusterClient.Send("/user/service", new Note("again")), TestActor);
                var answer = await ExpectMsgAsync<Note>(Silence);
                Assert.Equal($"again at {AddressOf(second)}", answer.Text);
            },
            Change);
        Assert.True(TimeProvider.System.GetElapsedTime(before) > TimeSpan.FromSeconds(1), "the contact was given up too early");
    }

    [Fact]
    public async Task A_receptionist_knows_its_clients_and_tells_of_those_that_come_and_go()
    {
        var node = NewSystem();
        await Form(node);
        var receptionist = ClusterClientReceptionist.Get(node).Underlying;
        var told = CreateTestProbe();
        receptionist.Tell(SubscribeClusterClients.Instance, told.Ref);
        Assert.Empty((await told.ExpectMsgAsync<ClusterClients>(Soon)).ClusterClientsList);

        var client = Client(node);

        var up = await told.ExpectMsgAsync<ClusterClientUp>(Change);
        Assert.Equal(client.Path.Elements, up.ClusterClient.Path.Elements);
        receptionist.Tell(GetClusterClients.Instance, told.Ref);
        Assert.Equal(up.ClusterClient, Assert.Single((await told.ExpectMsgAsync<ClusterClients>(Soon)).ClusterClientsList));
        StopAndAwait(client);
        Assert.Equal(up.ClusterClient, (await told.ExpectMsgAsync<ClusterClientUnreachable>(Change)).ClusterClient);
    }

    [Fact]
    public async Task Without_contact_for_the_reconnect_timeout_the_client_ends()
    {
        var client = Client(NewSystem(), settings => settings.WithReconnectTimeout(TimeSpan.FromSeconds(1)));
        Watch(client);

        await ExpectTerminatedAsync(client, Change);
    }

    [Fact]
    public void The_settings_have_the_documented_defaults()
    {
        var settings = ClusterClientSettings.Create(
            ClusterClientReceptionist.DefaultConfig().GetConfig("akka.cluster.client")!);

        Assert.Equal(TimeSpan.FromSeconds(2), settings.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(13), settings.AcceptableHeartbeatPause);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.EstablishingGetContactsInterval);
        Assert.Equal(TimeSpan.FromSeconds(60), settings.RefreshContactsInterval);
        Assert.Equal(1000, settings.BufferSize);
        Assert.Null(settings.ReconnectTimeout);
    }

    private static ActorPath Receptionist(ActorSystem node) => ActorPath.Parse($"{AddressOf(node)}/system/receptionist");

    private IActorRef Client(ActorSystem contact, Func<ClusterClientSettings, ClusterClientSettings>? with = null)
    {
        var settings = ClusterClientSettings.Create(Sys).WithInitialContacts(ImmutableHashSet.Create(Receptionist(contact)));
        return Sys.ActorOf(ClusterClient.Props(with is null ? settings : with(settings)));
    }

    /// <summary>
    /// A service and, unless it is to come later, a receptionist: in this order, so that no client finds one without the other.
    /// </summary>
    private static void Serve(ActorSystem node, bool receives = true)
    {
        var address = AddressOf(node);
        var service = node.ActorOf(Props.Create(() => new Answerer(address)), "service");
        var mediator = DistributedPubSub.Get(node).Mediator;
        mediator.Tell(new Put(service));
        mediator.Tell(new Subscribe("news", service), ActorRefs.NoSender);
        AwaitSubscribed(mediator);
        if (receives) ClusterClientReceptionist.Get(node);
    }

    private static void AwaitSubscribed(IActorRef mediator) => mediator.Ask<CurrentTopics>(GetTopics.Instance).Wait(Soon);

    private Task AwaitAnswers(IActorRef client, params ActorSystem[] services) =>
        AwaitAnswersTo(client, new ClusterClient.SendToAll("/user/service", new Note("all")), "all", services);

    /// <summary>Until each of them has answered at least once; what is still under way has come by then.</summary>
    private async Task AwaitAnswersTo(IActorRef client, object message, string text, params ActorSystem[] services)
    {
        foreach (var service in services)
        {
            await AwaitAssertAsync(
                async () =>
                {
                    client.Tell(message, TestActor);
                    await FishForMessageAsync(m => m is Note note && note.Text == $"{text} at {AddressOf(service)}", Silence);
                },
                Change);
        }
        ReceiveWhile(Soon, Silence, m => m);
    }

    private void AwaitKnows(IActorRef client, int count)
    {
        var probe = CreateTestProbe();
        AwaitCondition(
            () =>
            {
                client.Tell(GetContactPoints.Instance, probe.Ref);
                return probe.ExpectMsg<ContactPoints>(Soon).ContactPointsList.Count == count;
            },
            Change);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Answerer : ReceiveActor
    {
        public Answerer(Address at) => Receive<Note>(note => Sender.Tell(new Note($"{note.Text} at {at}")));
    }

    private sealed class Forwarder : ReceiveActor
    {
        public Forwarder(IActorRef to) => ReceiveAny(message => to.Forward(message));
    }
}
