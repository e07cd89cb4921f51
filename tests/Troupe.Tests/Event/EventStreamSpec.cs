using Akka.Actor;
using Akka.Event;
using Troupe.Tests.Actor;

namespace Troupe.Tests.Event;

public class EventStreamSpec
{
    private interface IShape;

    [Fact]
    public void A_subscriber_gets_what_is_of_its_type_or_derived_from_it_once()
    {
        using var system = new ManualSystem();
        var subscriber = system.StartNoting("s");
        var stream = system.System.EventStream;

        Assert.True(stream.Subscribe(subscriber, typeof(IShape)));
        Assert.False(stream.Subscribe(subscriber, typeof(Square)));
        stream.Publish(new Square());
        stream.Publish("else");
        system.Run();

        Assert.Equal(["s got Square"], system.Notes);
    }

    [Fact]
    public void After_unsubscribing_nothing_more_comes()
    {
        using var system = new ManualSystem();
        var subscriber = system.StartNoting("s");
        var stream = system.System.EventStream;
        stream.Subscribe(subscriber, typeof(Square));

        Assert.True(stream.Unsubscribe(subscriber, typeof(IShape))); // the wider type takes the narrower with it
        Assert.False(stream.Unsubscribe(subscriber));
        stream.Publish(new Square());
        system.Run();

        Assert.Empty(system.Notes);
    }

    [Fact]
    public void A_subscriber_that_stops_is_unsubscribed()
    {
        using var system = new ManualSystem();
        var letters = system.Published<DeadLetter>();
        var subscriber = system.StartNoting("s");
        system.System.EventStream.Subscribe(subscriber, typeof(Square));
        system.Run();

        system.Tell(subscriber, PoisonPill.Instance);
        system.System.EventStream.Publish(new Square());
        system.Run();

        Assert.Empty(letters);
    }

    [Fact]
    public void Subscribers_are_told_in_the_order_of_their_subscription()
    {
        using var system = new ManualSystem();
        foreach (var name in new[] { "z", "b", "m" }) system.System.EventStream.Subscribe(system.StartNoting(name),
            typeof(Square));

        system.System.EventStream.Publish(new Square());
        system.Run();

        Assert.Equal(["z got Square", "b got Square", "m got Square"], system.Notes);
    }

    private sealed class Square : IShape
    {
        public override string ToString() => "Square";
    }
}
