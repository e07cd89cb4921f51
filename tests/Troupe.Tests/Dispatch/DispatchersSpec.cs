using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Troupe.Tests.Actor;

namespace Troupe.Tests.Dispatch;

public class DispatchersSpec
{
    [Fact]
    public void A_dispatcher_of_the_settings_falls_back_to_the_default_one()
    {
        using var system = new ManualSystem("mine { throughput = 7 }");

        Assert.Equal(7, system.System.Dispatchers.Lookup("mine").Throughput);
        Assert.Same(system.System.Dispatchers.Lookup("mine"), system.System.Dispatchers.Lookup("mine"));
        Assert.Equal(30, system.System.Dispatchers.DefaultGlobalDispatcher.Throughput);
    }

    [Fact]
    public void A_dispatcher_that_is_nowhere_is_an_error_that_names_it()
    {
        using var system = new ManualSystem();

        var error = Assert.Throws<ConfigurationException>(() =>
            system.System.ActorOf(Props.Empty.WithDispatcher("nowhere"), "x"));

        Assert.Contains("[nowhere]", error.Message, StringComparison.Ordinal);
        Assert.NotNull(system.Start(Props.Empty, "x")); // the name is free again
    }

    [Fact]
    public void A_section_that_is_a_text_is_another_name()
    {
        using var system = new ManualSystem("alias = akka.actor.default-dispatcher\nround = alias2\nalias2 = round");

        Assert.Equal(30, system.System.Dispatchers.Lookup("alias").Throughput);
        Assert.Throws<ConfigurationException>(() => system.System.Dispatchers.Lookup("round"));
    }

    [Fact]
    public void A_deployment_gives_an_actor_its_dispatcher_and_mailbox()
    {
        using var system = new ManualSystem("""
            mine { throughput = 7 }
            urgent { mailbox-type = "Troupe.Tests.Dispatch.DispatchersSpec+Urgent, Troupe.Tests" }
            akka.actor.deployment { "/x" { dispatcher = mine }, "/y/*" { mailbox = urgent } }
            """);
        var x = (LocalActorRef)system.Start(Props.Empty, "x");
        var y = system.Start((context, message) => ((Action<IActorContext>)message)(context), "y");
        system.Tell(y, (Action<IActorContext>)(context => context.ActorOf(Props.Create(() => new Notes(system.Notes)), "z")));
        var z = system.System.Provider.ResolveActorRef("akka://manual/user/y/z");

        foreach (var number in new[] { 3, 1, 2, 1 }) z.Tell(number, ActorRefs.NoSender);
        system.Run();

        Assert.Equal(7, x.Cell.Dispatcher.Throughput);
        Assert.Equal(["1", "1", "2", "3"], system.Notes);
    }

    [Fact]
    public void A_dispatcher_of_a_class_of_ones_own_runs_its_actors()
    {
        using var system = new ManualSystem(
            "mine { type = \"Troupe.Tests.Dispatch.DispatchersSpec+OwnConfigurator, Troupe.Tests\" }");
        var actor = system.System.ActorOf(Props.Create(() => new Notes(system.Notes)).WithDispatcher("mine"));

        actor.Tell(1, ActorRefs.NoSender);

        Assert.Equal(["1"], system.Notes);
    }

    public class Urgent(Settings settings, Config config) : UnboundedStablePriorityMailbox(settings, config)
    {
        protected override int PriorityGenerator(object message) => message is int number ? number : 0;
    }

    public class OwnConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : MessageDispatcherConfigurator(config, prerequisites)
    {
        public override MessageDispatcher Dispatcher() => new Own(this);
    }

    private sealed class Own(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
    {
        protected override void ExecuteTask(IRunnable run) => run.Run();

        protected override void Shutdown()
        {
        }
    }

    private sealed class Notes(List<string> notes) : UntypedActor
    {
        protected override void OnReceive(object message) => notes.Add(message.ToString()!);
    }
}
