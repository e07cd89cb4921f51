using Akka.Actor;

namespace Troupe.Tests.ClusterSharding;

/// <summary>A reference that is nothing but its name, for machines that only tell references apart.</summary>
internal sealed class NamedRef(string name) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka.tcp", "test", name, 1)) / "region";

    public override IActorRefProvider Provider => throw new NotSupportedException("There is no system behind this reference.");

    public override string ToString() => Path.Address.Host!;
}
