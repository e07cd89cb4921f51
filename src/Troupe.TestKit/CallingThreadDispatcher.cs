using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.TestKit;

/// <summary>
/// Runs an actor's mailbox on the thread that sends to it, or that ends its current batch: when Tell returns, the message has
/// been handled, unless another thread was handling messages of that actor just then.
/// </summary>
public class CallingThreadDispatcher : MessageDispatcher
{
    public static new string Id = "akka.test.calling-thread-dispatcher";

    public CallingThreadDispatcher(MessageDispatcherConfigurator configurator)
        : base(configurator)
    {
        Throughput = configurator.Config.GetInt("throughput", int.MaxValue);
    }

    protected override void ExecuteTask(IRunnable run) => run.Run();

    protected override void Shutdown()
    {
        // There are no threads of its own to end.
    }
}

/// <summary>Makes the <see cref="CallingThreadDispatcher"/> of a section of the settings.</summary>
public class CallingThreadDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly CallingThreadDispatcher _dispatcher;

    public CallingThreadDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        _dispatcher = new CallingThreadDispatcher(this);
    }

    public override MessageDispatcher Dispatcher() => _dispatcher;
}
