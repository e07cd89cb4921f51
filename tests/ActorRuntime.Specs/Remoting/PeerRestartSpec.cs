using ActorRuntime.Specs.Hosting;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace ActorRuntime.Specs.Remoting;

public sealed class PeerRestartSpec : RemoteSpec
{
    [Fact]
    public async Task A_reference_that_was_kept_never_works_again_and_one_by_path_alone_does()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var kept = Identified("echo");
        var byPath = ByPath("echo");
        await EndPeer();
        RestartPeer();
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        Identified("echo");

        kept.Tell(new Note("kept"));
        byPath.Tell(new Note("by path"));
        Sys.ActorSelection(PathOf("echo")).Tell(new Note("by selection"));

        ExpectMsgAllOf(Soon, new Note("by path"), new Note("by selection"));
        kept.Tell(new Note("kept"));
        byPath.Tell(new Note("by path, again"));
        ExpectMsg(new Note("by path, again"), Soon);
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task The_restarted_peer_can_be_watched_anew()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var kept = Identified("echo");
        Watch(kept);
        kept.Tell(new Note("watched"));
        await ExpectMsgAsync(new Note("watched"), Soon);
        await EndPeer();
        await ExpectTerminatedAsync(kept, TimeSpan.FromSeconds(20));
        RestartPeer();
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var anew = Identified("echo");
        Assert.NotEqual(kept.Path.Uid, anew.Path.Uid);

        Watch(anew);
        anew.Tell(new Note("stop"));

        await ExpectTerminatedAsync(anew, Soon);
    }

    [Fact]
    public async Task Messages_to_a_peer_that_is_gone_are_lost_and_those_to_its_successor_are_not()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var byPath = ByPath("echo");
        byPath.Tell(new Note("before"));
        await ExpectMsgAsync(new Note("before"), Soon);
        await EndPeer();
        for (var i = 0; i < 5; i++)
        {
            byPath.Tell(new Note("meanwhile"));
        }
        RestartPeer();
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");

        Identified("echo");
        byPath.Tell(new Note("after"));

        await FishForMessageAsync<Note>(n => n.Text == "after", Soon);
    }

    [Fact]
    public void Connecting_is_told_on_the_event_stream()
    {
        var events = CreateTestProbe();
        Sys.EventStream.Subscribe(events.Ref, typeof(AssociatedEvent));
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");

        Identified("echo");

        var associated = events.FishForMessage<AssociatedEvent>(e => e.RemoteAddress.Equals(PeerAddress), Soon);
        Assert.Equal(AddressOf(Sys), associated.LocalAddress);
    }

    [Fact]
    public async Task Losing_the_connection_is_told_on_the_event_stream()
    {
        var events = CreateTestProbe();
        Sys.EventStream.Subscribe(events.Ref, typeof(DisassociatedEvent));
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        Identified("echo");

        await EndPeer();

        await events.FishForMessageAsync<DisassociatedEvent>(e => e.RemoteAddress.Equals(PeerAddress), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Failing_to_connect_is_told_on_the_event_stream()
    {
        var events = CreateTestProbe();
        Sys.EventStream.Subscribe(events.Ref, typeof(AssociationErrorEvent));

        // Port 1 of this machine: nobody listens there.
        Sys.ActorSelection("akka.tcp://nobody@127.0.0.1:1/user/x").Tell(new Note("hello"));

        var error = events.ExpectMsg<AssociationErrorEvent>(TimeSpan.FromSeconds(20));
        Assert.Equal(Address.Parse("akka.tcp://nobody@127.0.0.1:1"), error.RemoteAddress);
        Assert.Equal(LogLevel.WarningLevel, error.LogLevel());
    }

    [Fact]
    public void The_address_of_a_system_says_where_it_listens()
    {
        var address = AddressOf(Sys);

        Assert.Equal("akka.tcp", address.Protocol);
        Assert.Equal("127.0.0.1", address.Host);
        Assert.InRange(address.Port!.Value, 1, 65535);
    }
}
