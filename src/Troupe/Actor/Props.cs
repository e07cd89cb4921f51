using System.Linq.Expressions;
using Akka.Dispatch;
using Akka.Routing;

namespace Akka.Actor;

/// <summary>
/// The recipe of an actor: its class and arguments, where and how it runs. Immutable, and reused for each restart.
/// </summary>
public class Props : IEquatable<Props>
{
    private readonly ActorProducer _producer;

    private Props(ActorProducer producer, Deploy deploy, SupervisorStrategy? strategy)
    {
        _producer = producer;
        Deploy = deploy;
        SupervisorStrategy = strategy!;
    }

    public Props(Type type, object[] args) : this(new ConstructorProducer(type, args), Deploy.Local, null)
    {
    }

    public Props(Type type) : this(type, [])
    {
    }

    public Props(Deploy deploy, Type type, params object[] args) : this(new ConstructorProducer(type, args), deploy, null)
    {
    }

    public Props(Type type, SupervisorStrategy supervisorStrategy, params object[] args)
        : this(new ConstructorProducer(type, args), Deploy.Local, supervisorStrategy)
    {
    }

    /// <summary>An actor that does nothing with its messages.</summary>
    public static Props Empty { get; } = Create<EmptyActor>();

    public Type Type => _producer.ActorType;

    public string TypeName => Type.AssemblyQualifiedName ?? Type.Name;

    public object[] Arguments => _producer.Arguments;

    public Deploy Deploy { get; protected set; }

    /// <summary>The strategy for the actor's children, before the one of its class; null: none given.</summary>
    public SupervisorStrategy SupervisorStrategy { get; protected set; }

    public string Dispatcher => Deploy.Dispatcher.Length == 0 ? Dispatchers.DefaultDispatcherId : Deploy.Dispatcher;

    public string Mailbox => Deploy.Mailbox.Length == 0 ? Mailboxes.DefaultMailboxId : Deploy.Mailbox;

    public RouterConfig RouterConfig => Deploy.RouterConfig;

    internal static Props Terminated { get; } = new(new TerminatedProducer(), Deploy.Local, null);

    /// <summary>
    /// From <c>() => new MyActor(a, b)</c>: the class and the arguments, which are evaluated now, once.
    /// </summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        var (type, arguments) = NewExpressions.Read(factory.Body);
        return new Props(new ConstructorProducer(type, arguments), Deploy.Local, supervisorStrategy);
    }

    public static Props Create<TActor>(params object[] args) where TActor : ActorBase => new(typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy) where TActor : ActorBase, new() =>
        new(typeof(TActor), supervisorStrategy);

    public static Props Create(Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new Props(type, args);
    }

    /// <summary>Actors come from <paramref name="producer"/>, also at each restart.</summary>
    public static Props CreateBy(IIndirectActorProducer producer, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(producer);
        return new Props(new IndirectProducer(producer, args), Deploy.Local, null);
    }

    public Props WithDispatcher(string dispatcher) => WithDeploy(Deploy.WithDispatcher(dispatcher));

    public Props WithMailbox(string mailbox) => WithDeploy(Deploy.WithMailbox(mailbox));

    public Props WithRouter(RouterConfig routerConfig) => WithDeploy(Deploy.WithRouterConfig(routerConfig));

    public Props WithStashCapacity(int stashCapacity) => WithDeploy(Deploy.WithStashCapacity(stashCapacity));

    public Props WithDeploy(Deploy deploy) => new(_producer, deploy.WithFallback(Deploy), SupervisorStrategy);

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(_producer, Deploy, supervisorStrategy);

    /// <summary>A new instance. Works only where the runtime is about to start an actor.</summary>
    public virtual ActorBase NewActor() => _producer.Produce();

    public bool Equals(Props? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Type == other.Type && Deploy.Equals(other.Deploy)
            && Equals(SupervisorStrategy, other.SupervisorStrategy) && Arguments.AsSpan().SequenceEqual(other.Arguments));

    public override bool Equals(object? obj) => Equals(obj as Props);

    public override int GetHashCode() => Akka.Util.StableHash.Of(Type.FullName ?? Type.Name, Arguments.Length);

    internal void Release(ActorBase actor) => _producer.Release(actor);

    /// <summary>With exactly this deployment.</summary>
    internal Props Deployed(Deploy deploy) => new(_producer, deploy, SupervisorStrategy);

    internal void VerifySerializable(Serialization.Serialization serialization)
    {
        foreach (var argument in Arguments)
        {
            if (argument is not null and not INoSerializationVerificationNeeded) serialization.Verify(argument, ActorRefs.Nobody);
        }
    }

    private sealed class EmptyActor : ActorBase
    {
        protected override bool Receive(object message) => true;
    }
}
