namespace Akka.Actor.Setup;

/// <summary>One programmatic setting of an ActorSystem; there is at most one of each type.</summary>
public abstract class Setup
{
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
}
