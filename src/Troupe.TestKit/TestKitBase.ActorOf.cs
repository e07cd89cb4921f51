using System.Linq.Expressions;
using Akka.Actor;
using Akka.TestKit.Internal;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>Creating the actors under test.</summary>
public abstract partial class TestKitBase
{
    public IActorRef ActorOf(Props props) => _system.ActorOf(props);

    public IActorRef ActorOf(Props props, string? name) => _system.ActorOf(props, name);

    public IActorRef ActorOf<TActor>()
        where TActor : ActorBase, new() =>
        _system.ActorOf(Props.Create<TActor>());

    public IActorRef ActorOf<TActor>(string name)
        where TActor : ActorBase, new() =>
        _system.ActorOf(Props.Create<TActor>(), name);

    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory)
        where TActor : ActorBase =>
        _system.ActorOf(Props.Create(factory));

    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory, string name)
        where TActor : ActorBase =>
        _system.ActorOf(Props.Create(factory), name);

    public ActorSelection ActorSelection(ActorPath actorPath) => _system.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => _system.ActorSelection(actorPath);

    public ActorSelection ActorSelection(IActorRef anchorRef, string actorPath) => new(anchorRef, actorPath);

    /// <summary>An actor on the calling thread, whose instance the test can look into.</summary>
    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Props props, IActorRef? supervisor, string? name = null)
        where TActor : ActorBase =>
        new(_system, props, supervisor, name);

    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Props props, string? name = null)
        where TActor : ActorBase =>
        new(_system, props, null, name);

    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Expression<Func<TActor>> factory, IActorRef? supervisor, string? name = null)
        where TActor : ActorBase =>
        new(_system, Props.Create(factory), supervisor, name);

    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Expression<Func<TActor>> factory, string? name = null)
        where TActor : ActorBase =>
        new(_system, Props.Create(factory), null, name);

    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(IActorRef? supervisor, string? name = null)
        where TActor : ActorBase, new() =>
        new(_system, Props.Create<TActor>(), supervisor, name);

    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(string? name = null)
        where TActor : ActorBase, new() =>
        new(_system, Props.Create<TActor>(), null, name);

    /// <summary>A child of the test actor, supervised by <paramref name="supervisorStrategy"/>.</summary>
    public IActorRef ChildActorOf(Props props, string name, SupervisorStrategy supervisorStrategy,
        CancellationToken cancellationToken = default) =>
        ChildActorOfAsync(props, name, supervisorStrategy, cancellationToken).GetAwaiter().GetResult();

    public IActorRef ChildActorOf(Props props, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default) =>
        ChildActorOfAsync(props, supervisorStrategy, cancellationToken).GetAwaiter().GetResult();

    public IActorRef ChildActorOf(Props props, string name, CancellationToken cancellationToken = default) =>
        ChildActorOfAsync(props, name, cancellationToken).GetAwaiter().GetResult();

    public IActorRef ChildActorOf(Props props, CancellationToken cancellationToken = default) =>
        ChildActorOfAsync(props, cancellationToken).GetAwaiter().GetResult();

    public Task<IActorRef> ChildActorOfAsync(Props props, string name, SupervisorStrategy supervisorStrategy,
        CancellationToken cancellationToken = default) =>
        SpawnAsync(props, Option<string>.Create(name), Option<SupervisorStrategy>.Create(supervisorStrategy), cancellationToken);

    public Task<IActorRef> ChildActorOfAsync(Props props, SupervisorStrategy supervisorStrategy,
        CancellationToken cancellationToken = default) =>
        SpawnAsync(props, Option<string>.None, Option<SupervisorStrategy>.Create(supervisorStrategy), cancellationToken);

    public Task<IActorRef> ChildActorOfAsync(Props props, string name, CancellationToken cancellationToken = default) =>
        SpawnAsync(props, Option<string>.Create(name), Option<SupervisorStrategy>.None, cancellationToken);

    public Task<IActorRef> ChildActorOfAsync(Props props, CancellationToken cancellationToken = default) =>
        SpawnAsync(props, Option<string>.None, Option<SupervisorStrategy>.None, cancellationToken);

    private Task<IActorRef> SpawnAsync(Props props, Option<string> name, Option<SupervisorStrategy> strategy,
        CancellationToken cancellation)
    {
        var spawn = new AcknowledgedSpawn(props, name, strategy);
        _testActor.Tell(spawn, ActorRefs.NoSender);
        return spawn.Done.Task.WaitAsync(Dilated(_settings.DefaultTimeout), cancellation);
    }
}
