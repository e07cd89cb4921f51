using Akka.Actor;
using Akka.Event;

namespace Troupe.Tests.Actor;

public class SelectionSpec
{
    [Theory]
    [InlineData("/user/a/*", "a1 a2 b1")]
    [InlineData("/user/a/a?", "a1 a2")]
    [InlineData("/user/a/a1/..", "a")]
    [InlineData("/user/**", "a a1 a2 b1")]
    [InlineData("akka://manual/user/a/b1", "b1")]
    [InlineData("user/a", "a")]
    [InlineData("/user/*/a1", "a1")]
    public void A_selection_reaches_those_whom_it_names(string path, string reached)
    {
        using var system = Tree();

        system.System.ActorSelection(path).Tell("hello", ActorRefs.NoSender);
        system.Run();

        Assert.Equal(reached.Split(' '), system.Notes.Select(n => n.Split(' ')[0]));
    }

    [Fact]
    public void A_relative_selection_starts_at_the_actor()
    {
        using var system = Tree();
        var a = system.System.Provider.ResolveActorRef("akka://manual/user/a");

        system.Tell(a, (Action<IActorContext>)(context => context.ActorSelection("../a/a2").Tell("hello")));

        Assert.Equal(["a2 got hello"], system.Notes);
    }

    [Fact]
    public void What_nobody_answers_to_is_a_dead_letter_of_the_path()
    {
        using var system = Tree();
        var letters = system.Published<DeadLetter>();

        system.System.ActorSelection("/user/a/none/x").Tell("hello", ActorRefs.NoSender);
        system.System.ActorSelection("/user/a/none*").Tell("hello", ActorRefs.NoSender);
        system.Run();

        Assert.Equal("akka://manual/user/a/none/x", letters[0].Recipient.Path.ToString());
        Assert.Equal(2, letters.Count);
    }

    [Fact]
    public void Nobody_identifies_itself_with_null()
    {
        using var system = Tree();

        Assert.Null(system.Ask<ActorIdentity>(system.System.ActorSelection("/user/none"), new Identify(1)).Subject);
        Assert.Equal(1, system.Ask<ActorIdentity>(system.System.ActorSelection("/user/a"), new Identify(1)).MessageId);
    }

    [Fact]
    public void A_path_with_another_uid_is_another_actor()
    {
        using var system = Tree();
        var a = system.System.Provider.ResolveActorRef("akka://manual/user/a");

        Assert.Same(a, system.System.Provider.ResolveActorRef(a.Path.ToSerializationFormat()));
        Assert.NotEqual(a, system.System.Provider.ResolveActorRef(a.Path.WithUid(a.Path.Uid + 1)));
        Assert.Same(system.System.DeadLetters, system.System.Provider.ResolveActorRef("akka.tcp://other@host:1/user/a"));
    }

    [Fact]
    public void A_double_wildcard_is_only_allowed_at_the_end()
    {
        using var system = Tree();

        Assert.Throws<IllegalActorNameException>(() => system.System.ActorSelection("/user/**/a"));
    }

    private static ManualSystem Tree()
    {
        var system = new ManualSystem();
        var a = Add("a", null);
        foreach (var name in new[] { "a1", "a2", "b1" }) Add(name, a);
        return system;

        IActorRef Add(string name, IActorRef? parent)
        {
            var props = Props.Create(() => new Node(name, system.Notes));
            if (parent is null) return system.Start(props, name);
            system.Tell(parent, (Action<IActorContext>)(context => context.ActorOf(props, name)));
            return parent;
        }
    }

    private sealed class Node(string name, List<string> notes) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Action<IActorContext> action) action(Context);
            else notes.Add($"{name} got {message}");
        }
    }
}
