using Akka.Configuration;
using Akka.Event;
using Troupe.Platform;

namespace Akka.Actor;

/// <summary>
/// Ends an actor system phase by phase; whoever has something to close adds a task to the phase where it belongs.
/// <para>Owner: one per ActorSystem (an extension). Thread rule: any thread; tasks begin on the thread that ended the phase before.</para>
/// Invariants:
/// <list type="number">
/// <item>It runs once; every caller of <see cref="Run"/> gets the same task, and the first reason stays.</item>
/// <item>A phase begins when all phases that it depends on have ended: done, failed or late with recover, or disabled.</item>
/// <item>The tasks of one phase run at the same time; one added while an earlier phase runs still runs.</item>
/// </list>
/// </summary>
public sealed class CoordinatedShutdown : IExtension
{
    /// <summary>The first phase: before new connections are refused.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>No new connections.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Requests that are under way end.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>Connections are closed.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>For an application's own work before the cluster goes.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    public const string PhaseClusterLeave = "cluster-leave";

    public const string PhaseClusterExiting = "cluster-exiting";

    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>For an application's own work before the actors go.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly Lock _lock = new();
    private readonly ActorSystemImpl _system;
    private readonly ShutdownPhases _phases;
    private readonly Dictionary<string, List<ShutdownTask>> _tasks = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<Done> _completion;
    private Reason? _reason;

    internal CoordinatedShutdown(ActorSystemImpl system)
    {
        _system = system;
        _completion = system.NewCompletion<Done>();
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown") ?? Config.Empty;
        _phases = new ShutdownPhases(config);
        var terminates = config.GetBoolean("terminate-actor-system");
        var exits = config.GetBoolean("exit-clr");
        if (config.GetBoolean("run-by-actor-system-terminate"))
        {
            if (!terminates)
            {
                throw new ConfigurationException(
                    "akka.coordinated-shutdown: terminate-actor-system = off needs run-by-actor-system-terminate = off, or Terminate would not terminate.");
            }
            system.BeforeTerminate = () => Run(ActorSystemTerminateReason.Instance);
        }
        if (terminates || exits)
        {
            AddTask(PhaseActorSystemTerminate, "terminate-system", () => End(terminates, exits));
        }
        if (config.GetBoolean("run-by-clr-shutdown-hook") && system.Seams is RealSeams)
        {
            RunAtProcessExit();
        }
    }

    public ExtendedActorSystem System => _system;

    /// <summary>Why it runs, or has run; null before.</summary>
    public Reason? ShutdownReason => Volatile.Read(ref _reason);

    /// <summary>The longest that a run can take: all phases' time.</summary>
    public TimeSpan TotalTimeout => _phases.TotalTimeout;

    public static CoordinatedShutdown Get(ActorSystem sys) => sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    /// <summary>How long the phase may take.</summary>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public TimeSpan Timeout(string phase) => _phases.Find(phase).Timeout;

    /// <summary>Adds work to a phase. A phase that has begun takes no more: the task never runs.</summary>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        _phases.Find(phase);
        lock (_lock)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
            {
                _tasks.Add(phase, tasks = []);
            }
            tasks.Add(new ShutdownTask(taskName, task));
        }
    }

    /// <summary>Runs all phases, or those from <paramref name="fromPhase"/> on. The second call waits for the first.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var phases = _phases.From(fromPhase);
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            var log = Logging.GetLogger(_system, typeof(CoordinatedShutdown));
            log.Info("Running coordinated shutdown, reason {0}", reason);
            new ShutdownRun(phases, TasksOf, _system, log, _completion).Next();
        }
        return _completion.Task;
    }

    private ShutdownTask[] TasksOf(string phase)
    {
        lock (_lock)
        {
            return _tasks.TryGetValue(phase, out var tasks) ? [.. tasks] : [];
        }
    }

    private Task<Done> End(bool terminate, bool exit)
    {
        var ended = terminate ? _system.FinalTerminate() : Task.CompletedTask;
        return ended.ContinueWith(
            _ =>
            {
                if (exit && ShutdownReason is not ClrExitReason)
                {
                    Environment.Exit(0);
                }
                return Done.Instance;
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void RunAtProcessExit()
    {
        AppDomain.CurrentDomain.ProcessExit += AtExit;
        _system.RegisterOnTermination(() => AppDomain.CurrentDomain.ProcessExit -= AtExit);

        void AtExit(object? sender, EventArgs e) => Run(ClrExitReason.Instance).Wait(TotalTimeout);
    }

    /// <summary>Why a system is shut down.</summary>
    public class Reason
    {
        protected Reason()
        {
        }

        public override string ToString() => GetType().Name;
    }

    /// <summary>No reason was given.</summary>
    public class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    /// <summary>ActorSystem.Terminate was called.</summary>
    public class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process ends.</summary>
    public class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }

    /// <summary>The cluster has downed this node.</summary>
    public class ClusterDowningReason : Reason
    {
        public static readonly Reason Instance = new ClusterDowningReason();

        private ClusterDowningReason()
        {
        }
    }

    /// <summary>This node leaves the cluster.</summary>
    public class ClusterLeavingReason : Reason
    {
        public static readonly Reason Instance = new ClusterLeavingReason();

        private ClusterLeavingReason()
        {
        }
    }

    /// <summary>This node could not join a cluster.</summary>
    public class ClusterJoinUnsuccessfulReason : Reason
    {
        public static readonly Reason Instance = new ClusterJoinUnsuccessfulReason();

        private ClusterJoinUnsuccessfulReason()
        {
        }
    }
}

/// <summary>Makes the <see cref="CoordinatedShutdown"/> of a system.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => new((ActorSystemImpl)system);
}
