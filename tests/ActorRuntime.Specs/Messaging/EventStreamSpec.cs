using Akka.Actor;
using Akka.Event;

namespace ActorRuntime.Specs.Messaging;

public sealed class EventStreamSpec : Spec
{
    [Fact]
    public void A_subscriber_gets_events_of_its_type_and_of_derived_types()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Fruit));

        Sys.EventStream.Publish(new Apple());
        Sys.EventStream.Publish(new Stone());
        Sys.EventStream.Publish(new Fruit());

        ExpectMsg<Apple>(Soon);
        ExpectMsg<Fruit>(f => f.GetType() == typeof(Fruit), Soon);
    }

    [Fact]
    public void An_interface_can_be_subscribed_to()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(IEdible));

        Sys.EventStream.Publish(new Apple());

        ExpectMsg<Apple>(Soon);
    }

    [Fact]
    public void Unsubscribing_from_one_type_leaves_the_others()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Fruit));
        Sys.EventStream.Subscribe(TestActor, typeof(Stone));
        Sys.EventStream.Unsubscribe(TestActor, typeof(Fruit));

        Sys.EventStream.Publish(new Fruit());
        Sys.EventStream.Publish(new Stone());

        ExpectMsg<Stone>(Soon);
    }

    [Fact]
    public void Unsubscribing_altogether_ends_everything()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Fruit));
        Sys.EventStream.Subscribe(TestActor, typeof(Stone));
        Sys.EventStream.Unsubscribe(TestActor);

        Sys.EventStream.Publish(new Fruit());
        Sys.EventStream.Publish(new Stone());

        ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_second_subscription_to_one_type_is_the_first()
    {
        Assert.True(Sys.EventStream.Subscribe(TestActor, typeof(Fruit)));
        Assert.False(Sys.EventStream.Subscribe(TestActor, typeof(Fruit)));

        Sys.EventStream.Publish(new Fruit());

        ExpectMsg<Fruit>(Soon);
        Assert.False(HasMessages);
    }

    [Fact]
    public void A_message_to_an_actor_that_has_stopped_is_a_dead_letter()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Deaf()));
        StopAndAwait(actor);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));

        actor.Tell("anybody there?");

        var letter = ExpectMsg<DeadLetter>(Soon);
        Assert.Equal("anybody there?", letter.Message);
        Assert.Equal(TestActor, letter.Sender);
        Assert.Equal(actor.Path, letter.Recipient.Path);
    }

    [Fact]
    public void A_message_to_a_path_without_an_actor_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));

        Sys.ActorSelection("/user/nobody").Tell("anybody there?");

        FishForMessage<DeadLetter>(l => "anybody there?".Equals(l.Message), Soon);
    }

    [Fact]
    public void A_suppressed_dead_letter_is_told_only_to_those_who_ask_for_all()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Deaf()));
        StopAndAwait(actor);
        var all = CreateTestProbe();
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.EventStream.Subscribe(all.Ref, typeof(AllDeadLetters));

        actor.Tell(new Whisper());
        actor.Tell("loud");

        Assert.Equal("loud", ExpectMsg<DeadLetter>(Soon).Message);
        Assert.IsType<Whisper>(all.ExpectMsg<SuppressedDeadLetter>(Soon).Message);
        all.ExpectMsg<DeadLetter>(Soon);
    }

    [Fact]
    public void What_is_logged_is_published_with_source_and_level()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        var cause = new InvalidOperationException("on purpose");

        EventFilter.Error(contains: "went wrong").ExpectOne(() => Sys.Log.Error(cause, "{0} went wrong", "something"));

        var error = ExpectMsg<Error>(Soon);
        Assert.Equal("something went wrong", error.Message.ToString());
        Assert.Same(cause, error.Cause);
        Assert.Equal(LogLevel.ErrorLevel, error.LogLevel());
    }

    [Fact]
    public void Log_events_below_the_level_are_not_published()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(LogEvent));
        var log = Logging.GetLogger(Sys, "spec");

        log.Info("not at this level");
        EventFilter.Warning(contains: "but this").ExpectOne(() => log.Warning("but this"));

        Assert.Equal("but this", ExpectMsg<LogEvent>(Soon).Message.ToString());
    }

    private interface IEdible;

    private class Fruit;

    private sealed class Apple : Fruit, IEdible;

    private sealed class Stone;

    private sealed class Whisper : IDeadLetterSuppression;

    private sealed class Deaf : ReceiveActor;
}
