using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Routing;

/// <summary>
/// The cell of a router. Messages go to the routees on the thread of whoever sends them; only management passes the mailbox.
/// <para>Owner: its <see cref="RoutedActorRef"/>. Thread rule: <see cref="SendMessage"/> and <see cref="Route"/> from any thread, the
/// rest only inside the run of the mailbox.</para>
/// Invariants:
/// <list type="number">
/// <item>Until the routees are started, messages wait; they are routed before any later one, so that a sender's order holds.</item>
/// <item>The routees outlive a restart of the router's actor.</item>
/// </list>
/// </summary>
internal sealed class RoutedActorCell : ActorCell
{
    private static readonly TimeSpan RemovalDelay = TimeSpan.FromMilliseconds(100);

    private readonly Lock _starting = new();
    private readonly Props _routeeProps;
    private Queue<Envelope>? _waiting = new();
    private volatile Router? _router;

    public RoutedActorCell(ActorSystemImpl system, IInternalActorRef self, Props props, MessageDispatcher dispatcher,
        IInternalActorRef parent)
        : base(system, self, Props.Empty, dispatcher, parent)
    {
        RouterConfig = props.RouterConfig;
        _routeeProps = props.Deployed(RouteeDeploy(props.Deploy, RouterConfig));
    }

    public RouterConfig RouterConfig { get; }

    public Router Router => _router ?? throw new IllegalActorStateException($"{Self} has not started its routees yet.");

    public override void SendMessage(object message, IActorRef? sender)
    {
        if (IsTerminated || RouterConfig.IsManagementMessage(message))
        {
            base.SendMessage(message, sender);
        }
        else
        {
            Route(message, sender);
        }
    }

    /// <summary>Routes, or keeps the message until there are routees. A message that finds nobody is a dead letter.</summary>
    public void Route(object message, IActorRef? sender)
    {
        if (_router is not { } router)
        {
            lock (_starting)
            {
                if (_waiting is { } waiting)
                {
                    waiting.Enqueue(new Envelope(message, sender));
                    return;
                }
            }
            router = Router;
        }
        Route(router, message, sender);
    }

    /// <summary>Starts a pool's routees, or finds a group's, then routes what has waited.</summary>
    public void StartRoutees()
    {
        if (_router is not null)
        {
            return;
        }
        var router = FirstRouter();
        lock (_starting)
        {
            while (_waiting!.TryDequeue(out var envelope))
            {
                Route(router, envelope.Message, envelope.Sender);
            }
            _waiting = null;
            _router = router;
        }
    }

    public Routee NewRoutee() => new ActorRefRoutee(ActorOf(_routeeProps));

    public void AddRoutee(Routee routee)
    {
        Observe(routee);
        _router = Router.AddRoutee(routee);
    }

    /// <summary>
    /// Sends nothing more to the routee. A pool's own is then stopped, a little later: a message that another thread is just
    /// sending to it still arrives.
    /// </summary>
    public void RemoveRoutee(Routee routee, bool stopChild)
    {
        _router = Router.RemoveRoutee(routee);
        if (routee is not ActorRefRoutee { Actor: var actor })
        {
            return;
        }
        Unwatch(actor);
        if (stopChild && actor.Path.Parent == Self.Path)
        {
            SystemImpl.Scheduler.ScheduleTellOnce(RemovalDelay, actor, PoisonPill.Instance, Self);
        }
    }

    protected override ActorBase CreateNewActorInstance() => RouterConfig.CreateRouterActor();

    private void Route(Router router, object message, IActorRef? sender)
    {
        if (router.Count > 0)
        {
            router.Route(message, sender);
        }
        else
        {
            SystemImpl.DeadLetter(message is RouterEnvelope envelope ? envelope.Message : message, sender, Self);
        }
    }

    /// <summary>When it fails the router ends before it began, and what has waited for it is dead letters.</summary>
    private Router FirstRouter()
    {
        try
        {
            var router = RouterConfig.CreateRouter(SystemImpl).WithRoutees([.. FirstRoutees()]);
            foreach (var routee in router.Routees)
            {
                Observe(routee);
            }
            return router;
        }
        catch
        {
            lock (_starting)
            {
                while (_waiting!.TryDequeue(out var envelope))
                {
                    SystemImpl.DeadLetter(envelope.Message, envelope.Sender, Self);
                }
            }
            throw;
        }
    }

    private IEnumerable<Routee> FirstRoutees() => RouterConfig switch
    {
        Pool pool => Enumerable.Range(0, pool.GetNrOfInstances(SystemImpl)).Select(_ => NewRoutee()),
        Group group => group.GetPaths(SystemImpl).Select(path => new ActorSelectionRoutee(SystemImpl.ActorSelection(path))),
        _ => [],
    };

    private void Observe(Routee routee)
    {
        if (routee is ActorRefRoutee { Actor: var actor })
        {
            Watch(actor);
        }
    }

    /// <summary>As the router's, but no router; with the dispatcher that the section of the deployment describes, if it does.</summary>
    private static Deploy RouteeDeploy(Deploy router, RouterConfig config)
    {
        var deploy = router.WithRouterConfig(NoRouter.Instance);
        return config is Pool { UsePoolDispatcher: true } && router.Path.Length > 0
            ? deploy.WithDispatcher($"akka.actor.deployment.\"{router.Path}\".pool-dispatcher")
            : deploy;
    }
}
