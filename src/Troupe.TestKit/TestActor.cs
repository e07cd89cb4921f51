using Akka.Actor;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>What a test actor can be told besides messages for the test.</summary>
public static class TestActor
{
    /// <summary>Whether a message is dropped instead of kept for the test.</summary>
    public delegate bool Ignore(object message);

    public static AutoPilot KeepRunning => TestKit.KeepRunning.Instance;

    public static AutoPilot NoAutoPilot => TestKit.NoAutoPilot.Instance;

    public static NullMessageEnvelope NullMessage => NullMessageEnvelope.Instance;

    public class SetIgnore(Ignore? ignore) : INoSerializationVerificationNeeded
    {
        public Ignore? Ignore { get; } = ignore;
    }

    public class SetAutoPilot(AutoPilot autoPilot) : INoSerializationVerificationNeeded
    {
        public AutoPilot AutoPilot { get; } = autoPilot;
    }

    public class Watch(IActorRef actorToWatch) : INoSerializationVerificationNeeded
    {
        public IActorRef Actor { get; } = actorToWatch;
    }

    public class Unwatch(IActorRef actorToUnwatch) : INoSerializationVerificationNeeded
    {
        public IActorRef Actor { get; } = actorToUnwatch;
    }

    /// <summary>Creates a child of the test actor; the answer is its reference.</summary>
    public class Spawn(Props props, Option<string> name, Option<SupervisorStrategy> supervisorStrategy) : INoSerializationVerificationNeeded
    {
        internal Option<SupervisorStrategy> Strategy { get; } = supervisorStrategy;

        public IActorRef Apply(IActorRefFactory context) =>
            name.HasValue ? context.ActorOf(props, name.Value) : context.ActorOf(props);
    }
}
