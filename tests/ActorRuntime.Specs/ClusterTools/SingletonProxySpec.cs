using ActorRuntime.Specs.Hosting;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;

namespace ActorRuntime.Specs.ClusterTools;

/// <summary>A proxy finds the singleton wherever it is, and keeps messages while it is nowhere.</summary>
public sealed class SingletonProxySpec : ToolsSpec
{
    [Fact]
    public async Task A_message_reaches_the_singleton_with_its_sender_from_any_node()
    {
        var (first, second) = (NewSystem(), NewSystem());
        await Form(first, second);
        Manage(first);
        Manage(second);

        foreach (var system in (ActorSystem[])[first, second])
        {
            Assert.Equal(new Note($"where at {AddressOf(first)}"), await Proxy(system).Ask<Note>(new Note("where"), Change));
        }
    }

    [Fact]
    public async Task What_is_sent_while_there_is_no_singleton_waits_for_it_in_order()
    {
        var only = NewSystem();
        var proxy = Proxy(only);
        foreach (var i in Enumerable.Range(0, 5))
        {
            proxy.Tell(new Note($"{i}"), TestActor);
        }
        await ExpectNoMsgAsync(Silence);

        await Form(only);
        Manage(only);

        foreach (var i in Enumerable.Range(0, 5))
        {
            await ExpectMsgAsync(new Note($"{i} at {AddressOf(only)}"), Change);
        }
    }

    [Fact]
    public async Task A_full_buffer_drops_the_oldest_message()
    {
        var only = NewSystem();
        var proxy = Proxy(only, bufferSize: 2);
        foreach (var i in Enumerable.Range(0, 4))
        {
            proxy.Tell(new Note($"{i}"), TestActor);
        }

        await Form(only);
        Manage(only);

        await ExpectMsgAsync(new Note($"2 at {AddressOf(only)}"), Change);
        await ExpectMsgAsync(new Note($"3 at {AddressOf(only)}"), Change);
    }

    [Fact]
    public async Task Without_a_buffer_what_is_sent_too_early_is_lost()
    {
        var only = NewSystem();
        var proxy = Proxy(only, bufferSize: 0);
        proxy.Tell(new Note("too early"), TestActor);
        AwaitHandled(proxy);

        await Form(only);
        Manage(only);

        await AwaitAssertAsync(
            async () =>
            {
                proxy.Tell(new Note("now"), TestActor);
                await ExpectMsgAsync(new Note($"now at {AddressOf(only)}"), Silence);
            },
            Change);
    }

    [Fact]
    public async Task During_a_hand_over_nothing_is_lost_that_the_old_one_did_not_have_yet()
    {
        var (first, second) = (NewSystem(), NewSystem());
        await Form(first, second);
        Manage(first);
        Manage(second);
        var proxy = Proxy(second);
        Assert.Equal(new Note($"before at {AddressOf(first)}"), await proxy.Ask<Note>(new Note("before"), Change));

        await Leave(first);

        Assert.Equal(new Note($"after at {AddressOf(second)}"), await proxy.Ask<Note>(new Note("after"), Change));
    }

    private static void Manage(ActorSystem system)
    {
        var address = AddressOf(system);
        var settings = ClusterSingletonManagerSettings.Create(system).WithSingletonName("one");
        system.ActorOf(
            ClusterSingletonManager.Props(Props.Create(() => new Answerer(address)), PoisonPill.Instance, settings), "manager");
    }

    private static IActorRef Proxy(ActorSystem system, int bufferSize = 1000) => system.ActorOf(ClusterSingletonProxy.Props(
        "/user/manager", ClusterSingletonProxySettings.Create(system).WithSingletonName("one").WithBufferSize(bufferSize)));

    private sealed class Answerer : ReceiveActor
    {
        public Answerer(Address at) => Receive<Note>(note => Sender.Tell(new Note($"{note.Text} at {at}")));
    }
}
