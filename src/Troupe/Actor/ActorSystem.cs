using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Troupe.Platform;

namespace Akka.Actor;

/// <summary>
/// A tree of actors with its settings, dispatchers and scheduler. One process usually has one. Safe from any thread.
/// </summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    public abstract string Name { get; }

    public abstract Settings Settings { get; }

    public abstract EventStream EventStream { get; }

    public abstract ILoggingAdapter Log { get; }

    public abstract IActorRef DeadLetters { get; }

    public abstract IActorRef IgnoreRef { get; }

    public abstract Dispatchers Dispatchers { get; }

    public abstract Mailboxes Mailboxes { get; }

    public abstract IScheduler Scheduler { get; }

    public abstract Serialization.Serialization Serialization { get; }

    /// <summary>Completes when all actors have stopped and the system's threads and timers are released.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>When the system started, by its scheduler's monotonic clock.</summary>
    public TimeSpan StartTime { get; private protected init; }

    public TimeSpan Uptime => Scheduler.MonotonicClock - StartTime;

    /// <summary>Settings: <paramref name="config"/>, then the defaults.</summary>
    public static ActorSystem Create(string name, Config config) =>
        Create(name, BootstrapSetup.Create().WithConfig(config));

    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    public static ActorSystem Create(string name, ActorSystemSetup setup) => ActorSystemImpl.Start(name, setup);

    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    public abstract IActorRef ActorOf(Props props, string? name = null);

    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    public abstract ActorSelection ActorSelection(string actorPath);

    /// <summary>The extension, made now if it is not there yet.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>The extension, made now if it is not there yet.</summary>
    public abstract object GetExtension(IExtensionId extensionId);

    public abstract T GetExtension<T>() where T : class, IExtension;

    public abstract bool HasExtension(Type type);

    public abstract bool HasExtension<T>() where T : class, IExtension;

    public abstract bool TryGetExtension(Type extensionType, out object? extension);

    public abstract bool TryGetExtension<T>(out T? extension) where T : class, IExtension;

    /// <summary>Calls <paramref name="code"/> after the last actor has stopped; the last registered first.</summary>
    public abstract void RegisterOnTermination(Action code);

    public abstract void Stop(IActorRef actor);

    /// <summary>Stops all actors, from the leaves up; completes with <see cref="WhenTerminated"/>.</summary>
    public abstract Task Terminate();

    /// <summary>Terminates, and waits for the end. From within an actor of this system it does not wait.</summary>
    public void Dispose()
    {
        AwaitEnd(Terminate());
        GC.SuppressFinalize(this);
    }

    private protected abstract void AwaitEnd(Task termination);
}
