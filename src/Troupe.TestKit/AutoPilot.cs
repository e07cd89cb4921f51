using Akka.Actor;

namespace Akka.TestKit;

/// <summary>
/// Answers messages inside the test actor, before the test sees them. What <see cref="Run"/> returns takes its place:
/// itself or another pilot, <see cref="KeepRunning"/> for "the same one again", <see cref="NoAutoPilot"/> to switch it off.
/// </summary>
public abstract class AutoPilot
{
    public static KeepRunning KeepRunning => KeepRunning.Instance;

    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    public abstract AutoPilot Run(IActorRef sender, object message);
}

/// <summary>The answer of a pilot that stays as it is. Not a pilot to start with.</summary>
public sealed class KeepRunning : AutoPilot
{
    public static KeepRunning Instance = new();

    private KeepRunning()
    {
    }

    public override AutoPilot Run(IActorRef sender, object message) =>
        throw new InvalidOperationException("KeepRunning is what an AutoPilot returns; it cannot be set as one. Set the pilot itself.");
}

/// <summary>No pilot: messages only wait for the test.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    public static NoAutoPilot Instance = new();

    private NoAutoPilot()
    {
    }

    public override AutoPilot Run(IActorRef sender, object message) => this;
}

public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

/// <summary>A pilot from a lambda.</summary>
public sealed class DelegateAutoPilot(AutoPilotDelegate autoPilotDelegate) : AutoPilot
{
    public override AutoPilot Run(IActorRef sender, object message) => autoPilotDelegate(sender, message);
}
