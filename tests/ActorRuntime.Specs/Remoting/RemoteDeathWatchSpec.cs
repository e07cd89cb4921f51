using ActorRuntime.Specs.Hosting;
using Akka.Actor;

namespace ActorRuntime.Specs.Remoting;

public sealed class RemoteDeathWatchSpec : RemoteSpec
{
    [Fact]
    public void A_remote_actor_that_stops_is_told_to_its_watcher()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var echo = Identified("echo");
        Watch(echo);

        echo.Tell(new Note("stop"));

        Assert.False(ExpectTerminated(echo, Soon).AddressTerminated);
    }

    [Fact]
    public void A_restart_of_a_remote_actor_is_not_its_death()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var echo = Identified("echo");
        Watch(echo);

        CreateEventFilter(Peer).Exception<InvalidOperationException>().ExpectOne(() => echo.Tell(new Note("fail")));
        echo.Tell(new Note("still there"));

        ExpectMsg(new Note("still there"), Soon);
        Assert.False(HasMessages);
    }

    [Fact]
    public void After_unwatch_nothing_is_told()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var echo = Identified("echo");
        Watch(echo);
        echo.Tell(new Note("watched"));
        ExpectMsg(new Note("watched"), Soon);
        Unwatch(echo);

        echo.Tell(new Note("stop"));

        ExpectNoMsg(TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task A_peer_that_ends_is_told_to_those_who_watch_its_actors()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var echo = Identified("echo");
        Watch(echo);
        echo.Tell(new Note("watched"));
        await ExpectMsgAsync(new Note("watched"), Soon);

        await EndPeer();

        await ExpectTerminatedAsync(echo, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Watching_an_actor_of_a_peer_that_is_gone_is_answered()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var echo = Identified("echo");
        await EndPeer();

        Watch(echo);

        await ExpectTerminatedAsync(echo, TimeSpan.FromSeconds(20));
    }
}
