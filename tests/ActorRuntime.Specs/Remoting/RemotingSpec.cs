using ActorRuntime.Specs.Hosting;
using Akka.Actor;

namespace ActorRuntime.Specs.Remoting;

public sealed class RemotingSpec : RemoteSpec
{
    [Fact]
    public void A_message_reaches_the_peer_and_its_answer_comes_back()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");

        Sys.ActorSelection(PathOf("echo")).Tell(new Note("hello"));

        ExpectMsg(new Note("hello"), Soon);
        Assert.Equal(PathOf("echo"), LastSender.Path.ToString());
    }

    [Fact]
    public void Messages_over_one_connection_keep_their_order()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var echo = Identified("echo");

        for (var i = 0; i < 2000; i++)
        {
            echo.Tell(new Note($"{i}"));
        }

        Assert.Equal(Enumerable.Range(0, 2000).Select(i => new Note($"{i}")), ReceiveN(2000, Soon).Cast<Note>());
    }

    [Fact]
    public async Task An_ask_works_across_systems()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");

        Assert.Equal(new Note("hello"), await Sys.ActorSelection(PathOf("echo")).Ask<Note>(new Note("hello"), Soon));
    }

    [Fact]
    public void Identify_finds_a_remote_actor_and_says_so_when_there_is_none()
    {
        var echo = Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        Assert.Equal(echo.Path.Uid, Identified("echo").Path.Uid);

        Sys.ActorSelection(PathOf("nobody")).Tell(new Identify("nobody"));

        Assert.Null(ExpectMsg<ActorIdentity>(Soon).Subject);
    }

    [Fact]
    public void A_reference_by_path_alone_reaches_the_actor()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");

        ByPath("echo").Tell(new Note("hello"));

        ExpectMsg(new Note("hello"), Soon);
    }

    [Fact]
    public void A_message_over_the_frame_size_is_dropped_and_those_around_it_are_not()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var echo = Identified("echo");

        echo.Tell(new Note("before"));
        EventFilter.Error(contains: "oversized").ExpectOne(() => echo.Tell(new Note(new string('x', 140_000))));
        echo.Tell(new Note("behind"));

        ExpectMsg(new Note("before"), Soon);
        ExpectMsg(new Note("behind"), Soon);
    }

    [Fact]
    public void A_message_just_under_the_frame_size_passes()
    {
        Peer.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var large = new Note(new string('x', 120_000));

        Identified("echo").Tell(large);

        ExpectMsg(large, Soon);
    }

    [Fact]
    public void A_message_to_the_own_address_stays_at_home()
    {
        Sys.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        var message = new Note("hello");

        Sys.ActorSelection($"{AddressOf(Sys)}/user/echo").Tell(message);

        Assert.Same(message, ExpectMsg<Note>(Soon));
    }
}
