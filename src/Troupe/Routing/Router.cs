using Akka.Actor;
using Akka.Event;

namespace Akka.Routing;

/// <summary>Routees and the logic that chooses among them. Immutable: changes make another one.</summary>
public class Router
{
    private readonly Routee[] _routees;

    public Router(RoutingLogic logic, params Routee[] routees)
    {
        RoutingLogic = logic;
        _routees = routees;
    }

    public Router(RoutingLogic logic, IActorRef routee, params IActorRef[] routees)
        : this(logic, [Routee.FromActorRef(routee), .. routees.Select(Routee.FromActorRef)])
    {
    }

    public IEnumerable<Routee> Routees => _routees;

    public RoutingLogic RoutingLogic { get; }

    internal int Count => _routees.Length;

    /// <summary>Sends the message to the routee that the logic chooses; a <see cref="Broadcast"/> to all.</summary>
    public virtual void Route(object message, IActorRef? sender)
    {
        if (message is not Broadcast)
        {
            Send(RoutingLogic.Select(message, _routees), message, sender);
        }
        else if (_routees.Length == 0)
        {
            Send(Routee.NoRoutee, message, sender);
        }
        else
        {
            new SeveralRoutees(_routees).Send(UnWrap(message), sender);
        }
    }

    public virtual Router WithRoutees(params Routee[] routees) => new(RoutingLogic, routees);

    public virtual Router AddRoutee(Routee routee) => new(RoutingLogic, [.. _routees, routee]);

    public Router AddRoutee(IActorRef routee) => AddRoutee(Routee.FromActorRef(routee));

    public Router AddRoutee(ActorSelection routee) => AddRoutee(new ActorSelectionRoutee(routee));

    public virtual Router RemoveRoutee(Routee routee) => new(RoutingLogic, [.. _routees.Where(r => !r.Equals(routee))]);

    public Router RemoveRoutee(IActorRef routee) => RemoveRoutee(Routee.FromActorRef(routee));

    public Router RemoveRoutee(ActorSelection routee) => RemoveRoutee(new ActorSelectionRoutee(routee));

    protected virtual void Send(Routee routee, object message, IActorRef? sender)
    {
        if (!ReferenceEquals(routee, Routee.NoRoutee))
        {
            routee.Send(UnWrap(message), sender);
        }
        else if (sender is IInternalActorRef { Provider: { } provider })
        {
            provider.DeadLetters.Tell(new DeadLetter(UnWrap(message), sender, provider.DeadLetters), sender);
        }
    }

    protected object UnWrap(object message) => message is RouterEnvelope envelope ? envelope.Message : message;
}
