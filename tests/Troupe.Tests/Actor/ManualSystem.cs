using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Troupe.Platform;

namespace Troupe.Tests.Actor;

/// <summary>An actor system that runs only when the test says so, and a log of what its actors noted.</summary>
internal sealed class ManualSystem : IDisposable
{
    public ManualSystem(string config = "")
    {
        var quiet = (Config)"""
            akka { stdout-loglevel = OFF, loglevel = DEBUG, loggers = ["Troupe.Tests.Actor.CollectingLogger"] }
            """;
        System = (ActorSystemImpl)ActorSystem.Create("manual", ActorSystemSetup.Create(new SeamsSetup(Seams),
            BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(config).WithFallback(quiet))));
        Run();
    }

    public ManualSeams Seams { get; } = new();

    public ActorSystemImpl System { get; }

    /// <summary>What happened, in order.</summary>
    public List<string> Notes { get; } = [];

    public IActorRef Start(Props props, string? name = null)
    {
        var actor = System.ActorOf(props, name);
        Run();
        return actor;
    }

    /// <summary>An actor whose behaviour is a function.</summary>
    public IActorRef Start(Action<IActorContext, object> receive, string? name = null) =>
        Start(Props.Create(() => new FunctionActor(receive)), name);

    /// <summary>An actor that notes each message.</summary>
    public IActorRef StartNoting(string name) => Start((_, message) => Notes.Add($"{name} got {message}"), name);

    public void Run() => Seams.Run();

    public void Tell(IActorRef actor, object message, IActorRef? sender = null)
    {
        actor.Tell(message, sender ?? ActorRefs.NoSender);
        Run();
    }

    public void Advance(TimeSpan time) => Seams.Advance(time);

    public T Ask<T>(ICanTell actor, object message) => ResultOf(actor.Ask<T>(message, TimeSpan.FromSeconds(1)));

    /// <summary>Runs all work; by then the task must have ended.</summary>
    public T ResultOf<T>(Task<T> task)
    {
        Run();
        Assert.True(task.IsCompleted, "The task has not ended.");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Everything of that type that is published from now on.</summary>
    public List<T> Published<T>()
    {
        var seen = new List<T>();
        System.EventStream.Subscribe(Start((_, message) => seen.Add((T)message)), typeof(T));
        Run();
        return seen;
    }

    public List<LogEvent> Logged() => CollectingLogger.Of(System);

    public void Dispose()
    {
        System.Terminate();
        Run();
        Assert.True(System.WhenTerminated.IsCompletedSuccessfully, "The system did not terminate: " + System.PrintTree());
    }

    private sealed class FunctionActor(Action<IActorContext, object> receive) : UntypedActor
    {
        protected override void OnReceive(object message) => receive(Context, message);
    }
}
