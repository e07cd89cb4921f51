using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;
using Troupe.Platform;

namespace Akka.Dispatch;

/// <summary>
/// The dispatchers of one ActorSystem by their ids, which are paths of sections in its settings. Safe from any thread.
/// </summary>
public sealed class Dispatchers
{
    public const string DefaultDispatcherId = "akka.actor.default-dispatcher";
    public const string DefaultBlockingDispatcherId = "akka.actor.default-blocking-io-dispatcher";
    internal const string InternalDispatcherId = "akka.actor.internal-dispatcher";

    private const int MostAliases = 20;

    private readonly ConcurrentDictionary<string, Lazy<MessageDispatcherConfigurator>> _configurators =
        new(StringComparer.Ordinal);
    private readonly Seams _seams;

    internal Dispatchers(IDispatcherPrerequisites prerequisites, Seams seams)
    {
        _seams = seams;
        Prerequisites = prerequisites;
        DefaultGlobalDispatcher = Lookup(DefaultDispatcherId);
    }

    public IDispatcherPrerequisites Prerequisites { get; }

    public MessageDispatcher DefaultGlobalDispatcher { get; }

    /// <summary>As they are now: a fallback injected after the start, such as a test kit's, brings dispatchers of its own.</summary>
    private Config SystemSettings => Prerequisites.Settings.Config;

    public Config DefaultDispatcherConfig => SystemSettings.GetConfig(DefaultDispatcherId)!;

    public bool HasDispatcher(string id) => _configurators.ContainsKey(id) || SystemSettings.HasPath(id);

    /// <summary>
    /// The dispatcher of that id. Throws <see cref="ConfigurationException"/> when the settings have no such section.
    /// </summary>
    public MessageDispatcher Lookup(string dispatcherName) =>
        string.IsNullOrEmpty(dispatcherName) ? DefaultGlobalDispatcher : Configurator(dispatcherName).Dispatcher();

    /// <summary>False when the id is taken.</summary>
    public bool RegisterConfigurator(string id, MessageDispatcherConfigurator configurator) =>
        _configurators.TryAdd(id, new Lazy<MessageDispatcherConfigurator>(configurator));

    private MessageDispatcherConfigurator Configurator(string id) =>
        _configurators.TryGetValue(id, out var known)
            ? known.Value
            : _configurators.GetOrAdd(id, key => new Lazy<MessageDispatcherConfigurator>(() => Make(key))).Value;

    private MessageDispatcherConfigurator Make(string id)
    {
        var config = Section(id);
        var type = config.GetString("type") ?? "Dispatcher";
        if (type is "Dispatcher" or "TaskDispatcher" or "PinnedDispatcher" or "ForkJoinDispatcher")
            return new ExecutorDispatcherConfigurator(id, config, Prerequisites, _seams);
        var setting = $"{id}.type";
        return TypeResolver.Create(TypeResolver.Resolve(type, setting), setting, [config, Prerequisites])
            as MessageDispatcherConfigurator
            ?? throw new ConfigurationException($"{setting} names the type [{type}], which is no MessageDispatcherConfigurator.");
    }

    private Config Section(string id)
    {
        var section = id;
        for (var aliases = 0; aliases < MostAliases; aliases++)
        {
            var value = SystemSettings.GetValue(section) ?? throw new ConfigurationException(
                $"There is no dispatcher [{id}]: the settings have no section of that path. Add it, or name another dispatcher.");
            if (!value.IsString()) return value.ToConfig().WithFallback(SystemSettings.GetConfig(DefaultDispatcherId));
            section = value.GetString()!;
        }

        throw new ConfigurationException($"The dispatcher [{id}] is an alias of an alias of ... (more than {MostAliases}).");
    }
}
