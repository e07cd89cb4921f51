using Akka.Actor;

namespace Troupe.Tests.Actor;

public class PropsSpec
{
    [Fact]
    public void Arguments_of_the_expression_are_evaluated_once_when_the_props_are_made()
    {
        using var system = new ManualSystem();
        var number = 1;
        var props = Props.Create(() => new Numbered(system.Notes, number + 1, null));
        number = 5;

        system.Tell(system.Start(props), "which?");

        Assert.Equal(["2 null"], system.Notes);
    }

    [Fact]
    public void A_constructor_is_found_by_its_arguments_also_with_null_and_defaults()
    {
        using var system = new ManualSystem();

        system.Tell(system.Start(Props.Create<Numbered>(system.Notes, 3, null!)), "?");
        system.Tell(system.Start(Props.Create<Numbered>(system.Notes, "text")), "?");

        Assert.Equal(["3 null", "-1 text"], system.Notes);
    }

    [Fact]
    public void Arguments_that_no_constructor_takes_fail_the_start_with_an_error_that_lists_them()
    {
        using var system = new ManualSystem();

        system.Start(Props.Create<Numbered>(1, 2, 3, 4));

        var cause = Assert.IsType<ActorInitializationException>(Assert.Single(system.Logged(), e => e.Cause is not null).Cause);
        Assert.Contains("System.Int32, System.Int32, System.Int32, System.Int32", cause.InnerException!.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_new_expression_makes_props() =>
        Assert.Throws<ArgumentException>(() => Props.Create(() => Make()));

    [Fact]
    public void A_producer_makes_each_instance_and_gets_it_back()
    {
        using var system = new ManualSystem();
        var producer = new Producer(system.Notes);
        var actor = system.Start(Props.CreateBy(producer));

        system.Tell(actor, new InvalidOperationException("boom"));
        system.Tell(actor, PoisonPill.Instance);

        Assert.Equal(["produced", "released", "produced", "released"], system.Notes);
    }

    [Fact]
    public void Changed_props_are_new_props()
    {
        var props = Props.Create<Numbered>(new List<string>(), "x");

        Assert.NotEqual(props, props.WithDispatcher("other"));
        Assert.Equal(props, props.WithDispatcher(""));
        Assert.Equal("other", props.WithDispatcher("other").WithMailbox("m").Dispatcher);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void A_name_that_is_none_is_refused_and_nothing_started(string name)
    {
        using var system = new ManualSystem();

        Assert.Throws<InvalidActorNameException>(() => system.System.ActorOf(Props.Empty, name));
        Assert.Empty(system.System.Provider.Guardian.Children);
    }

    private static Numbered Make() => new([], "x");

    private sealed class Numbered : UntypedActor
    {
        private readonly List<string> _notes;
        private readonly string _text;

        public Numbered(List<string> notes, int number, string? text) => (_notes, _text) = (notes, $"{number} {text ?? "null"}");

        public Numbered(List<string> notes, string text) => (_notes, _text) = (notes, $"-1 {text}");

        protected override void OnReceive(object message) => _notes.Add(_text);
    }

    private sealed class Producer(List<string> notes) : IIndirectActorProducer
    {
        public Type ActorType => typeof(Failing);

        public ActorBase Produce()
        {
            notes.Add("produced");
            return new Failing();
        }

        public void Release(ActorBase actor) => notes.Add("released");
    }

    private sealed class Failing : UntypedActor
    {
        protected override void OnReceive(object message) => throw (Exception)message;
    }
}
