using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>Makes the dispatcher of one section of the settings; `type` may name a class of one's own.</summary>
public abstract class MessageDispatcherConfigurator
{
    protected MessageDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    {
        Config = config;
        Prerequisites = prerequisites;
    }

    public Config Config { get; }

    public IDispatcherPrerequisites Prerequisites { get; }

    /// <summary>The dispatcher: the same one each time, or one per actor.</summary>
    public abstract MessageDispatcher Dispatcher();
}
