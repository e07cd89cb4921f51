using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;

namespace Troupe.Tests.Actor;

/// <summary>A logger, named in settings, that keeps the events of each system for its test.</summary>
internal sealed class CollectingLogger : UntypedActor
{
    private static readonly ConditionalWeakTable<ActorSystem, List<LogEvent>> Events = [];

    private readonly List<LogEvent> _events = Of(Context.System);

    public static List<LogEvent> Of(ActorSystem system) => Events.GetOrCreateValue(system);

    protected override void OnReceive(object message)
    {
        if (message is LogEvent entry) _events.Add(entry);
        else if (message is InitializeLogger) Sender.Tell(new LoggerInitialized());
    }
}
