using Akka.Actor;
using KvStore.Core;
using KvStore.Storage;

namespace KvStore.Node.Tests;

/// <summary>What becomes of a failure under <c>/user/kv</c>, and where.</summary>
public sealed class KvSupervisionSpec
{
    [Fact]
    public void A_part_starts_again_and_a_request_ends_after_a_failure_of_the_environment()
    {
        Assert.Equal(Directive.Restart, Part(new IOException("no route")));
        Assert.Equal(Directive.Stop, Request(new IOException("no route")));
        Assert.Equal(Directive.Stop, Request(new ActorInitializationException("the key makes no sense")));
    }

    [Fact]
    public void A_broken_invariant_and_a_lost_disk_go_up_from_everywhere()
    {
        foreach (var failure in new Exception[] { Broken(), new StoreFailedException("a sync failed", new IOException()) })
            Assert.Equal((Directive.Escalate, Directive.Escalate), (Part(failure), Request(failure)));
        Assert.Equal(Directive.Escalate, Request(new ActorInitializationException(ActorRefs.Nobody, "it broke in its first step", Broken())));
    }

    private static Directive Part(Exception failure) => KvSupervision.OfParts.Decider.Decide(failure);

    private static Directive Request(Exception failure) => KvSupervision.OfRequests.Decider.Decide(failure);

    private static InvariantViolationException Broken() => Assert.Throws<InvariantViolationException>(() => Invariant.Check(false));
}
