using Akka.Configuration;
using Troupe.Platform;

namespace Akka.Dispatch;

/// <summary>
/// One dispatcher for all actors of a section; a pinned section makes one per actor, since each has its own thread.
/// </summary>
internal sealed class ExecutorDispatcherConfigurator(string id, Config config, IDispatcherPrerequisites prerequisites,
    Seams seams)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    private readonly Lock _gate = new();
    private readonly bool _pinned = config.GetString("type", "Dispatcher") is "PinnedDispatcher";
    private MessageDispatcher? _shared;

    public override MessageDispatcher Dispatcher()
    {
        lock (_gate)
            return _pinned ? Make() : _shared ??= Make();
    }

    private ExecutorDispatcher Make() => new(this, id, seams.CreateExecutor(id, Config));
}
