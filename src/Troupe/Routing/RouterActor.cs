using Akka.Actor;

namespace Akka.Routing;

/// <summary>
/// Manages the routees of a router: adds, removes, tells about them, and ends with the last one. Messages do not pass through it.
/// <para>Owner: its <see cref="RoutedActorCell"/>, which keeps the routees over a restart of this actor.</para>
/// </summary>
internal class RouterActor : ActorBase
{
    protected static RoutedActorCell Cell => (RoutedActorCell)Context;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case GetRoutees:
                Sender.Tell(new Routees([.. Cell.Router.Routees]), Self);
                return true;
            case AddRoutee add:
                Cell.AddRoutee(add.Routee);
                return true;
            case RemoveRoutee remove:
                Cell.RemoveRoutee(remove.Routee, stopChild: true);
                StopIfAllRouteesRemoved();
                return true;
            case Terminated terminated:
                Cell.RemoveRoutee(new ActorRefRoutee(terminated.ActorRef), stopChild: false);
                StopIfAllRouteesRemoved();
                return true;
            case RouterManagementMessage:
                return false;
            default:
                Cell.Route(message, Sender);
                return true;
        }
    }

    protected override void PreStart() => Cell.StartRoutees();

    protected override void PostRestart(Exception reason)
    {
        // The routees are there already.
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // The routees stay: the runtime restarts them behind this actor.
    }

    private static void StopIfAllRouteesRemoved()
    {
        if (Cell.Router.Count == 0 && Cell.RouterConfig.StopRouterWhenAllRouteesRemoved)
        {
            Context.Stop(Context.Self);
        }
    }
}

/// <summary>The router actor of a pool: it supervises the routees and changes their number.</summary>
internal sealed class RouterPoolActor : RouterActor
{
    private static Pool Pool => (Pool)Cell.RouterConfig;

    protected override SupervisorStrategy SupervisorStrategy() => Pool.SupervisorStrategy;

    protected override bool Receive(object message)
    {
        if (message is not AdjustPoolSize { Change: var change })
        {
            return base.Receive(message);
        }
        for (; change > 0; change--)
        {
            Cell.AddRoutee(Cell.NewRoutee());
        }
        foreach (var routee in Cell.Router.Routees.Reverse().Take(-change).ToList())
        {
            Cell.RemoveRoutee(routee, stopChild: true);
        }
        return true;
    }
}
