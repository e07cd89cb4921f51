using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>The settings under `akka.remote`.</summary>
public class RemoteSettings
{
    public RemoteSettings(Config config)
    {
        Config = config;
        RetryGateClosedFor = config.GetTimeSpan("akka.remote.retry-gate-closed-for");
        SysMsgBufferSize = config.GetInt("akka.remote.system-message-buffer-size");
        InitialSysMsgDeliveryTimeout = config.GetTimeSpan("akka.remote.initial-system-message-delivery-timeout");
        QuarantineSilentSystemTimeout = config.GetTimeSpan("akka.remote.quarantine-after-silence");
        QuarantineDuration = config.GetTimeSpan("akka.remote.prune-quarantine-marker-after");
        FlushWait = config.GetTimeSpan("akka.remote.flush-wait-on-shutdown");
        ShutdownTimeout = config.GetTimeSpan("akka.remote.shutdown-timeout");
        UntrustedMode = config.GetBoolean("akka.remote.untrusted-mode");
        TrustedSelectionPaths = [.. config.GetStringList("akka.remote.trusted-selection-paths")];
        LogSend = config.GetBoolean("akka.remote.log-sent-messages");
        LogReceive = config.GetBoolean("akka.remote.log-received-messages");
        RemoteLifecycleEventsLogLevel = LifecycleLevel(config.GetString("akka.remote.log-remote-lifecycle-events", "on")!);
        LogBufferSizeExceeding = NumberOrOff(config, "akka.remote.log-buffer-size-exceeding");
        LogFrameSizeExceeding = SizeOrOff(config, "akka.remote.log-frame-size-exceeding");
        Dispatcher = config.GetString("akka.remote.use-dispatcher", "")!;
        WatchFailureDetectorConfig = Section(config, "akka.remote.watch-failure-detector");
        WatchFailureDetectorImplementationClass = WatchFailureDetectorConfig.GetString("implementation-class", "")!;
        WatchHeartBeatInterval = WatchFailureDetectorConfig.GetTimeSpan("heartbeat-interval");
        WatchUnreachableReaperInterval = WatchFailureDetectorConfig.GetTimeSpan("unreachable-nodes-reaper-interval");
        WatchHeartbeatExpectedResponseAfter = WatchFailureDetectorConfig.GetTimeSpan("expected-response-after");
        TransportFailureDetectorConfig = Section(config, "akka.remote.transport-failure-detector");
        SendQueueSize = Math.Max(1, config.GetInt("troupe.remote.send-queue-size"));
        MaxConnections = Math.Max(1, config.GetInt("troupe.remote.max-connections"));
        MaxUnauthenticatedConnections = Math.Max(1, config.GetInt("troupe.remote.max-unauthenticated-connections"));
    }

    public Config Config { get; }

    public TimeSpan RetryGateClosedFor { get; set; }

    public int SysMsgBufferSize { get; set; }

    public TimeSpan InitialSysMsgDeliveryTimeout { get; set; }

    public TimeSpan QuarantineSilentSystemTimeout { get; set; }

    public TimeSpan? QuarantineDuration { get; set; }

    public TimeSpan FlushWait { get; set; }

    public TimeSpan ShutdownTimeout { get; set; }

    public bool UntrustedMode { get; set; }

    public HashSet<string> TrustedSelectionPaths { get; set; }

    public bool LogSend { get; set; }

    public bool LogReceive { get; set; }

    /// <summary>The lowest level at which lifecycle events are logged, or OFF.</summary>
    public string RemoteLifecycleEventsLogLevel { get; set; }

    /// <summary>Messages; 0 when off.</summary>
    public int LogBufferSizeExceeding { get; set; }

    public string Dispatcher { get; set; }

    public Config WatchFailureDetectorConfig { get; set; }

    public string WatchFailureDetectorImplementationClass { get; set; }

    public TimeSpan WatchHeartBeatInterval { get; set; }

    public TimeSpan WatchUnreachableReaperInterval { get; set; }

    public TimeSpan WatchHeartbeatExpectedResponseAfter { get; set; }

    internal Config TransportFailureDetectorConfig { get; }

    /// <summary>Bytes; 0 when off.</summary>
    internal long LogFrameSizeExceeding { get; }

    internal int SendQueueSize { get; }

    internal int MaxConnections { get; }

    internal int MaxUnauthenticatedConnections { get; }

    /// <summary>Null when lifecycle events are not logged at all.</summary>
    internal LogLevel? LifecycleEventsLogLevel => RemoteLifecycleEventsLogLevel switch
    {
        "OFF" => null,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        _ => LogLevel.DebugLevel,
    };

    public Props ConfigureDispatcher(Props props) => string.IsNullOrEmpty(Dispatcher) ? props : props.WithDispatcher(Dispatcher);

    internal static Config Section(Config config, string path) => config.GetConfig(path)
        ?? throw new ConfigurationException($"The settings under {path} are missing. Remoting was not started.");

    private static string LifecycleLevel(string setting) => setting.ToUpperInvariant() switch
    {
        "ON" or "TRUE" or "YES" => "DEBUG",
        "FALSE" or "NO" => "OFF",
        var level => level,
    };

    private static bool IsOff(Config config, string path) =>
        config.GetString(path, "off")!.ToUpperInvariant() is "OFF" or "FALSE" or "NO";

    private static int NumberOrOff(Config config, string path) => IsOff(config, path) ? 0 : config.GetInt(path);

    private static long SizeOrOff(Config config, string path) => IsOff(config, path) ? 0 : config.GetByteSize(path) ?? 0;
}
