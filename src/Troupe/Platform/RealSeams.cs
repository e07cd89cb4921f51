using Akka.Configuration;

namespace Troupe.Platform;

/// <summary>
/// The seams of production: the machine's clocks, the thread pool, a timer wheel, TCP.
/// <para>Owner: one ActorSystem. Thread rule: any thread.</para>
/// </summary>
public sealed class RealSeams : Seams
{
    private static readonly TimeSpan DefaultTick = TimeSpan.FromMilliseconds(10);

    private readonly WheelTimers _timers;
    private readonly TcpNetwork _network = new();
    private readonly Lock _gate = new();
    private readonly List<IExecutor> _executors = [];

    public RealSeams() : this(DefaultTick)
    {
    }

    /// <param name="timerTick">The timers' resolution, at least 1 ms (`akka.scheduler.tick-duration`).</param>
    public RealSeams(TimeSpan timerTick) => _timers = new WheelTimers(Clock, timerTick);

    public override IClock Clock { get; } = new SystemClock();

    public override IEntropy Entropy { get; } = new SystemEntropy();

    public override ITimers Timers => _timers;

    public override INetwork Network => _network;

    /// <summary>
    /// `type = PinnedDispatcher` gets one thread of its own; `type = ForkJoinDispatcher` or `executor = fork-join-executor` a
    /// bounded
    /// set of threads; every other name the thread pool.
    /// </summary>
    public override IExecutor CreateExecutor(string dispatcherId, Config dispatcherConfig)
    {
        var executor = Choose(dispatcherId, dispatcherConfig);
        lock (_gate)
            _executors.Add(executor);
        return executor;
    }

    public override void Shutdown()
    {
        _network.Shutdown();
        _timers.Shutdown();
        lock (_gate)
            _executors.ForEach(executor => executor.Shutdown());
    }

    private static IExecutor Choose(string id, Config config)
    {
        var type = config.GetString("type", "Dispatcher");
        var executor = config.GetString("executor", "default-executor");
        if (type == "PinnedDispatcher")
            return new DedicatedExecutor(id, 1);
        if (type == "ForkJoinDispatcher")
            return new DedicatedExecutor(id,
                Math.Clamp(config.GetInt("dedicated-thread-pool.thread-count", DefaultThreads), 1, MaxThreads));
        if (executor == "fork-join-executor")
            return new DedicatedExecutor(id, ForkJoinThreads(config));
        return new ThreadPoolExecutor();
    }

    private const int MaxThreads = 1024;

    private static int DefaultThreads => Environment.ProcessorCount;

    private static int ForkJoinThreads(Config config)
    {
        var least = config.GetInt("fork-join-executor.parallelism-min", 8);
        var most = config.GetInt("fork-join-executor.parallelism-max", 64);
        var factor = config.GetDouble("fork-join-executor.parallelism-factor", 1.0);
        var wanted = config.GetInt("dedicated-thread-pool.thread-count", (int)Math.Ceiling(DefaultThreads * factor));
        return Math.Clamp(Math.Min(Math.Max(wanted, least), Math.Max(most, 1)), 1, MaxThreads);
    }
}
