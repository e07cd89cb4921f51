using Akka.Actor;

namespace ActorRuntime.Specs.Messaging;

public sealed class SelectionSpec : Spec
{
    [Fact]
    public void A_selection_by_absolute_path_reaches_the_actor()
    {
        Sys.ActorOf(Props.Create(() => new Named()), "a");

        Sys.ActorSelection("/user/a").Tell("who?");

        ExpectMsg("/user/a", Soon);
    }

    [Fact]
    public void A_selection_with_the_address_reaches_the_actor()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Named()), "a");

        Sys.ActorSelection(actor.Path.ToString()).Tell("who?");

        ExpectMsg("/user/a", Soon);
    }

    [Fact]
    public void A_relative_selection_starts_at_the_actor_that_makes_it()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Named()), "a");
        parent.Tell("have child b");
        parent.Tell("have child c");
        ReceiveN(2, Soon);

        parent.Tell("select b");
        ExpectMsg("/user/a/b", Soon);

        Sys.ActorSelection("/user/a/b/../c").Tell("who?");
        ExpectMsg("/user/a/c", Soon);
    }

    [Theory]
    [InlineData("/user/a/*", new[] { "/user/a/b1", "/user/a/b2", "/user/a/c1" })]
    [InlineData("/user/a/b*", new[] { "/user/a/b1", "/user/a/b2" })]
    [InlineData("/user/a/?1", new[] { "/user/a/b1", "/user/a/c1" })]
    public void Wildcards_reach_every_actor_that_fits(string path, string[] expected)
    {
        var parent = Sys.ActorOf(Props.Create(() => new Named()), "a");
        foreach (var child in (string[])["b1", "b2", "c1"])
        {
            parent.Tell($"have child {child}");
            ExpectMsg("ok", Soon);
        }

        Sys.ActorSelection(path).Tell("who?");

        ExpectMsgAllOf(Soon, expected);
        AwaitHandled(parent);
        Assert.False(HasMessages);
    }

    [Fact]
    public void Identify_is_answered_with_the_reference()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Named()), "a");

        Sys.ActorSelection("/user/a").Tell(new Identify("id"));

        var identity = ExpectMsg<ActorIdentity>(Soon);
        Assert.Equal("id", identity.MessageId);
        Assert.Equal(actor, identity.Subject);
    }

    [Fact]
    public void Identify_of_nobody_is_answered_without_a_reference()
    {
        Sys.ActorSelection("/user/nobody").Tell(new Identify("id"));

        var identity = ExpectMsg<ActorIdentity>(Soon);
        Assert.Equal("id", identity.MessageId);
        Assert.Null(identity.Subject);
    }

    [Fact]
    public async Task A_selection_resolves_to_the_reference_of_its_actor()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Named()), "a");

        Assert.Equal(actor, await Sys.ActorSelection("/user/a").ResolveOne(Soon));
    }

    [Fact]
    public async Task Resolving_nobody_fails() =>
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/nobody").ResolveOne(Soon));

    [Fact]
    public void A_selection_is_looked_up_anew_for_each_message()
    {
        var selection = Sys.ActorSelection("/user/a");
        var first = Sys.ActorOf(Props.Create(() => new Named()), "a");
        selection.Tell("who?");
        ExpectMsg("/user/a", Soon);
        StopAndAwait(first);
        var second = Sys.ActorOf(Props.Create(() => new Named()), "a");

        selection.Tell("who?");

        ExpectMsg("/user/a", Soon);
        Assert.Equal(second, LastSender);
    }

    [Fact]
    public void A_path_resolves_to_a_reference_that_reaches_the_actor_of_that_name()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Named()), "a");

        var resolved = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(actor.Path.ToString());
        resolved.Tell("who?", TestActor);

        ExpectMsg("/user/a", Soon);
    }

    private sealed class Named : ReceiveActor
    {
        public Named()
        {
            Receive<string>(m => m == "who?", _ => Sender.Tell(Self.Path.ToStringWithoutAddress()));
            Receive<string>(m => m.StartsWith("have child ", StringComparison.Ordinal), m =>
            {
                Context.ActorOf(Props.Create(() => new Named()), m["have child ".Length..]);
                Sender.Tell("ok");
            });
            Receive<string>(m => m.StartsWith("select ", StringComparison.Ordinal), m =>
                Context.ActorSelection(m["select ".Length..]).Tell("who?", Sender));
        }
    }
}
