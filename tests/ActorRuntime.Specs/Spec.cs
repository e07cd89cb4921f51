using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;

namespace ActorRuntime.Specs;

/// <summary>
/// The base of the specs. They hold what an application may rely on, through the public API alone, and so pass on either runtime.
/// <para>A wait that is expected to be answered takes <see cref="Soon"/>; one that is expected to stay silent takes
/// <see cref="Silence"/>.</para>
/// </summary>
public abstract class Spec : Akka.TestKit.Xunit2.TestKit
{
    /// <summary>How long a message that will come may take on a busy machine.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing must come, where nothing else can be waited for.</summary>
    protected static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);

    private const string Quiet =
        """
        akka {
          loglevel = WARNING
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          test.single-expect-default = 10s
          test.filter-leeway = 10s
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    protected Spec(string config = "")
        : base(ConfigurationFactory.ParseString(config).WithFallback(ConfigurationFactory.ParseString(Quiet)), "spec")
    {
    }

    /// <summary>The system's test scheduler, where the spec's settings ask for one.</summary>
    protected TestScheduler TestTime => (TestScheduler)Sys.Scheduler;

    /// <summary>Settings under which time stands still until <see cref="TestTime"/> is advanced.</summary>
    protected const string WithTestTime =
        """akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """;

    /// <summary>Stops the actor and waits for its end.</summary>
    protected void StopAndAwait(IActorRef actor)
    {
        var end = CreateTestProbe();
        end.Watch(actor);
        Sys.Stop(actor);
        end.ExpectTerminated(actor, Soon);
        // A watcher may hear of the end before the guardian has taken the name back; the guardian's answer comes after that.
        Sys.ActorSelection("/user").Tell(new Identify("guardian"), end.Ref);
        end.ExpectMsg<ActorIdentity>(Soon);
    }

    /// <summary>Waits until the actor has handled everything that this test has sent it.</summary>
    protected void AwaitHandled(IActorRef actor)
    {
        var probe = CreateTestProbe();
        probe.Send(actor, new Identify("handled"));
        probe.ExpectMsg<ActorIdentity>(Soon);
    }
}
