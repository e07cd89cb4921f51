using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>Takes the kit's own wrapping off a reference.</summary>
internal static class ProbeRefs
{
    public static IActorRef? Plain(IActorRef? reference) => reference is TestProbe probe ? probe.TestActor : reference;
}
