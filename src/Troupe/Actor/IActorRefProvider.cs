using Akka.Serialization;

namespace Akka.Actor;

/// <summary>
/// Makes and finds the references of one ActorSystem. Its implementations are the runtime's own: local, and remote around local.
/// </summary>
public interface IActorRefProvider
{
    IInternalActorRef RootGuardian { get; }

    LocalActorRef Guardian { get; }

    LocalActorRef SystemGuardian { get; }

    IActorRef DeadLetters { get; }

    IActorRef IgnoreRef { get; }

    ActorPath RootPath { get; }

    Settings Settings { get; }

    Deployer Deployer { get; }

    IInternalActorRef TempContainer { get; }

    /// <summary>Completes when the root guardian has stopped.</summary>
    Task TerminationTask { get; }

    /// <summary>The address that others reach this system by; without a host when nobody can.</summary>
    Address DefaultAddress { get; }

    Information SerializationInformation { get; }

    IActorRef RootGuardianAt(Address address);

    /// <summary>A fresh path below /temp.</summary>
    ActorPath TempPath();

    void RegisterTempActor(IInternalActorRef actorRef, ActorPath path);

    void UnregisterTempActor(ActorPath path);

    /// <summary>
    /// The reference that a path's text names; of this system the living actor, or a stand-in for dead letters; never null.
    /// </summary>
    IActorRef ResolveActorRef(string path);

    IActorRef ResolveActorRef(ActorPath actorPath);

    /// <summary>The address under which <paramref name="address"/> reaches this system; null when it cannot.</summary>
    Address? GetExternalAddressFor(Address address);

    /// <summary>Makes the guardians. Called once, before anything else is asked.</summary>
    internal void Init(ActorSystemImpl system);

    /// <summary>Makes the reference of a new actor; the caller has reserved its name, and starts it.</summary>
    internal IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        bool systemService, Deploy? deploy, bool lookupDeploy);

    internal FutureActorRef<T> CreateFutureRef<T>(TaskCompletionSource<T> tcs);
}
