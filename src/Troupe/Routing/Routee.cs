using Akka.Actor;

namespace Akka.Routing;

/// <summary>Where a router can send to.</summary>
public class Routee
{
    /// <summary>Nowhere: the logic found nobody to send to.</summary>
    public static readonly Routee NoRoutee = new();

    public static Routee FromActorRef(IActorRef actorRef) => new ActorRefRoutee(actorRef);

    public virtual void Send(object message, IActorRef? sender)
    {
    }

    public virtual Task<object> Ask(object message, TimeSpan? timeout) =>
        Task.FromException<object>(new NotSupportedException($"A {GetType().Name} cannot be asked: it is no single actor."));
}

/// <summary>An actor by its reference.</summary>
public class ActorRefRoutee(IActorRef actor) : Routee
{
    public IActorRef Actor { get; } = actor;

    public override void Send(object message, IActorRef? sender) => Actor.Tell(message, sender);

    public override Task<object> Ask(object message, TimeSpan? timeout) => Actor.Ask(message, timeout);

    public override bool Equals(object? obj) => obj is ActorRefRoutee other && Equals(other);

    public override int GetHashCode() => Actor.GetHashCode();

    public override string ToString() => Actor.ToString() ?? "";

    protected bool Equals(ActorRefRoutee? other) => Equals(Actor, other?.Actor);
}

/// <summary>Whoever a path reaches at the time.</summary>
public class ActorSelectionRoutee(ActorSelection actor) : Routee
{
    public ActorSelection Selection { get; } = actor;

    public override void Send(object message, IActorRef? sender) => Selection.Tell(message, sender);

    public override Task<object> Ask(object message, TimeSpan? timeout) => Selection.Ask(message, timeout);

    public override bool Equals(object? obj) => obj is ActorSelectionRoutee other && Equals(other);

    public override int GetHashCode() => Selection.GetHashCode();

    public override string ToString() => Selection.ToString() ?? "";

    protected bool Equals(ActorSelectionRoutee? other) => Equals(Selection, other?.Selection);
}

/// <summary>All of these.</summary>
public class SeveralRoutees(Routee[] routees) : Routee
{
    public override void Send(object message, IActorRef? sender)
    {
        foreach (var routee in routees)
        {
            routee.Send(message, sender);
        }
    }
}
