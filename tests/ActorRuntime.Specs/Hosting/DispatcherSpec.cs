using Akka.Actor;
using Akka.Configuration;

namespace ActorRuntime.Specs.Hosting;

public sealed class DispatcherSpec() : Spec(
    """
    one-thread-each { type = PinnedDispatcher }
    two-threads {
      type = ForkJoinDispatcher
      throughput = 1
      dedicated-thread-pool { thread-count = 2 }
    }
    pooled { type = Dispatcher, throughput = 5 }
    akka.actor.deployment {
      /deployed { dispatcher = one-thread-each }
    }
    """)
{
    [Fact]
    public void An_actor_on_a_pinned_dispatcher_always_runs_on_its_own_thread()
    {
        var a = Sys.ActorOf(ThreadReporter().WithDispatcher("one-thread-each"));
        var b = Sys.ActorOf(ThreadReporter().WithDispatcher("one-thread-each"));

        var threadsOfA = ThreadsOf(a, 100);
        var threadsOfB = ThreadsOf(b, 100);

        Assert.Single(threadsOfA);
        Assert.Single(threadsOfB);
        Assert.NotEqual(threadsOfA, threadsOfB);
    }

    [Fact]
    public void A_dedicated_pool_runs_its_actors_on_so_many_threads()
    {
        var actors = Enumerable.Range(0, 8).Select(_ => Sys.ActorOf(ThreadReporter().WithDispatcher("two-threads"))).ToList();

        var threads = actors.SelectMany(a => ThreadsOf(a, 50)).Distinct().ToList();

        Assert.InRange(threads.Count, 1, 2);
    }

    [Fact]
    public void A_dispatcher_is_found_by_its_path_in_the_settings()
    {
        var dispatcher = Sys.Dispatchers.Lookup("pooled");

        Assert.Equal(5, dispatcher.Throughput);
        Assert.Same(dispatcher, Sys.Dispatchers.Lookup("pooled"));
    }

    [Fact]
    public void A_dispatcher_that_is_not_configured_is_an_error() =>
        Assert.Throws<ConfigurationException>(() => Sys.Dispatchers.Lookup("no.such.dispatcher"));

    [Fact]
    public void The_deployment_section_chooses_the_dispatcher_of_an_actor_by_its_path()
    {
        var actor = Sys.ActorOf(ThreadReporter(), "deployed");

        Assert.Single(ThreadsOf(actor, 100));
    }

    private static Props ThreadReporter() => Props.Create(() => new Reporter());

    private HashSet<int> ThreadsOf(IActorRef actor, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            actor.Tell("which thread?");
        }
        return ReceiveN(messages, Soon).Cast<int>().ToHashSet();
    }

    private sealed class Reporter : ReceiveActor
    {
        public Reporter() => ReceiveAny(_ => Sender.Tell(Environment.CurrentManagedThreadId));
    }
}
