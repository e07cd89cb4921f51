using System.Globalization;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// The settings of one ActorSystem, read once. Defaults are in the embedded reference configuration and nowhere else.
/// </summary>
public class Settings
{
    public Settings(ActorSystem system, Config config) : this(system, config, ActorSystemSetup.Empty)
    {
    }

    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        System = system;
        Setup = setup;
        Config = (config ?? Config.Empty).WithFallback(ConfigurationFactory.Default());
        var bootstrap = setup.Get<BootstrapSetup>();
        ProviderSelectionType = bootstrap.HasValue && bootstrap.Value.ActorRefProvider.HasValue
            ? bootstrap.Value.ActorRefProvider.Value
            : Selection(Config.GetString("akka.actor.provider") ?? "local");
        ConfigVersion = Config.GetString("akka.version") ?? "";
        SupervisorStrategyClass = Config.GetString("akka.actor.guardian-supervisor-strategy") ?? "";
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout");
        CreationTimeout = Config.GetTimeSpan("akka.actor.creation-timeout");
        SerializeAllMessages = Config.GetBoolean("akka.actor.serialize-messages");
        SerializeAllCreators = Config.GetBoolean("akka.actor.serialize-creators");
        LogLevel = Config.GetString("akka.loglevel") ?? "";
        StdoutLogLevel = Config.GetString("akka.stdout-loglevel") ?? "";
        Loggers = Config.GetStringList("akka.loggers");
        LoggersDispatcher = Config.GetString("akka.loggers-dispatcher") ?? "";
        LogFormatter = NewFormatter(Config.GetString("akka.logger-formatter") ?? "");
        LogFilter = setup.Get<LogFilterSetup>() is { HasValue: true } filters ? filters.Value.CreateEvaluator()
            : LogFilterEvaluator.NoFilters;
        LogConfigOnStart = Config.GetBoolean("akka.log-config-on-start");
        LogDeadLetters = Count(Config.GetString("akka.log-dead-letters") ?? "off");
        LogDeadLettersDuringShutdown = Config.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration = Config.GetTimeSpan("akka.log-dead-letters-suspend-duration");
        AddLoggingReceive = Config.GetBoolean("akka.actor.debug.receive");
        DebugAutoReceive = Config.GetBoolean("akka.actor.debug.autoreceive");
        DebugLifecycle = Config.GetBoolean("akka.actor.debug.lifecycle");
        DebugEventStream = Config.GetBoolean("akka.actor.debug.event-stream");
        DebugUnhandledMessage = Config.GetBoolean("akka.actor.debug.unhandled");
        DebugRouterMisconfiguration = Config.GetBoolean("akka.actor.debug.router-misconfiguration");
        DefaultVirtualNodesFactor = Config.GetInt("akka.actor.deployment.default.virtual-nodes-factor");
        SchedulerClass = Config.GetString("akka.scheduler.implementation") ?? "";
        CoordinatedShutdownTerminateActorSystem = Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system");
        CoordinatedShutdownRunByActorSystemTerminate =
            Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate");
        StdoutLogger = NewStdoutLogger(Config.GetString("akka.stdout-logger-class") ?? "");
    }

    public ActorSystem System { get; }

    public Config Config { get; private set; }

    public ActorSystemSetup Setup { get; }

    public string ConfigVersion { get; }

    public ProviderSelection ProviderSelectionType { get; }

    public string ProviderClass => ProviderSelectionType.Fqn switch
    {
        "local" => typeof(LocalActorRefProvider).FullName!,
        "remote" => "Akka.Remote.RemoteActorRefProvider",
        "cluster" => "Akka.Cluster.ClusterActorRefProvider",
        var name => name,
    };

    public bool HasCluster => ProviderSelectionType is ProviderSelection.Cluster or ProviderSelection.Custom { HasCluster: true };

    public string SupervisorStrategyClass { get; }

    public TimeSpan AskTimeout { get; }

    public TimeSpan CreationTimeout { get; }

    public bool SerializeAllMessages { get; }

    public bool SerializeAllCreators { get; }

    public string LogLevel { get; }

    public string StdoutLogLevel { get; }

    public MinimalLogger StdoutLogger { get; }

    public IList<string> Loggers { get; }

    public string LoggersDispatcher { get; }

    public ILogMessageFormatter LogFormatter { get; }

    public LogFilterEvaluator LogFilter { get; }

    public bool LogConfigOnStart { get; }

    /// <summary>How many dead letters are logged; int.MaxValue: all, 0: none.</summary>
    public int LogDeadLetters { get; }

    public bool LogDeadLettersDuringShutdown { get; }

    public TimeSpan LogDeadLettersSuspendDuration { get; }

    public bool AddLoggingReceive { get; }

    public bool DebugAutoReceive { get; }

    public bool DebugLifecycle { get; }

    public bool DebugEventStream { get; }

    public bool DebugUnhandledMessage { get; }

    public bool DebugRouterMisconfiguration { get; }

    public int DefaultVirtualNodesFactor { get; }

    public string SchedulerClass { get; }

    public bool CoordinatedShutdownTerminateActorSystem { get; }

    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    /// <summary>Adds defaults below everything that is there; what was read at construction stays.</summary>
    public void InjectTopLevelFallback(Config config) => Config = Config.WithFallback(config);

    public override string ToString() => Config.ToString(includeFallback: true);

    private static ProviderSelection Selection(string name) => name switch
    {
        "local" => ProviderSelection.Local.Instance,
        "remote" => ProviderSelection.Remote.Instance,
        "cluster" => ProviderSelection.Cluster.Instance,
        _ => KnownProvider(name),
    };

    private static ProviderSelection KnownProvider(string name) => name.Split(',')[0].Trim() switch
    {
        "Akka.Actor.LocalActorRefProvider" => ProviderSelection.Local.Instance,
        "Akka.Remote.RemoteActorRefProvider" => ProviderSelection.Remote.Instance,
        "Akka.Cluster.ClusterActorRefProvider" => ProviderSelection.Cluster.Instance,
        _ => new ProviderSelection.Custom(name),
    };

    private static int Count(string text) => text switch
    {
        "on" or "true" or "yes" => int.MaxValue,
        "off" or "false" or "no" => 0,
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new ConfigurationException($"akka.log-dead-letters is [{text}], but it must be on, off or a number."),
    };

    private static ILogMessageFormatter NewFormatter(string typeName)
    {
        const string setting = "akka.logger-formatter";
        return TypeResolver.Create(TypeResolver.Resolve(typeName, setting), setting, []) as ILogMessageFormatter
            ?? throw new ConfigurationException($"{setting} names the type [{typeName}], which is no ILogMessageFormatter.");
    }

    private MinimalLogger NewStdoutLogger(string typeName)
    {
        const string setting = "akka.stdout-logger-class";
        var logger = TypeResolver.Create(TypeResolver.Resolve(typeName, setting), setting, []) as MinimalLogger
            ?? throw new ConfigurationException($"{setting} names the type [{typeName}], which is no MinimalLogger.");
        logger.Filter = LogFilter;
        return logger;
    }
}
