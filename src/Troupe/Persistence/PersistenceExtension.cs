using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Persistence;

/// <summary>
/// Starts the plugins of an actor system, each once, as system actors named by the path of their settings.
/// <para>Thread rule: any thread.</para>
/// </summary>
public class PersistenceExtension : IExtension
{
    private const string Section = "akka.persistence.";
    private const string NoSnapshotStore = Section + "no-snapshot-store";

    private readonly ConcurrentDictionary<string, Lazy<IActorRef>> _plugins = new(StringComparer.Ordinal);
    private readonly ExtendedActorSystem _system;
    private readonly string _journal;
    private readonly string _snapshotStore;

    public PersistenceExtension(ExtendedActorSystem system)
    {
        _system = system;
        var config = system.Settings.Config;
        _journal = config.GetString(Section + "journal.plugin") ?? "";
        _snapshotStore = config.GetString(Section + "snapshot-store.plugin") ?? "";
        RecoveryPermitter = system.SystemActorOf(
            Props.Create(() => new RecoveryPermitter(config.GetInt(Section + "max-concurrent-recoveries", 0))), "recoveryPermitter");
        foreach (var id in config.GetStringList(Section + "journal.auto-start-journals")) JournalFor(id);
        foreach (var id in config.GetStringList(Section + "snapshot-store.auto-start-snapshot-stores")) SnapshotStoreFor(id);
    }

    internal IActorRef RecoveryPermitter { get; }

    /// <summary>The journal with these settings; null or empty: the default one. Starts it when it is not running.</summary>
    /// <exception cref="ConfigurationException">There are no such settings, or they name no journal.</exception>
    public IActorRef JournalFor(string journalPluginId)
    {
        var id = string.IsNullOrEmpty(journalPluginId) ? _journal : journalPluginId;
        if (id.Length == 0)
            throw new ConfigurationException(
                "akka.persistence.journal.plugin is empty, so that a persistent actor without a JournalPluginId of its own has no "
                + "journal. Set it to the path of a journal's settings.");
        return Plugin(id, Section + "journal-plugin-fallback");
    }

    /// <summary>The snapshot store with these settings; null or empty: the default one, or one that refuses everything.</summary>
    /// <exception cref="ConfigurationException">There are no such settings, or they name no snapshot store.</exception>
    public IActorRef SnapshotStoreFor(string snapshotPluginId)
    {
        var id = string.IsNullOrEmpty(snapshotPluginId) ? _snapshotStore : snapshotPluginId;
        return Plugin(id.Length == 0 ? NoSnapshotStore : id, Section + "snapshot-store-plugin-fallback");
    }

    /// <summary>The persistence id of an actor that has no other: its path.</summary>
    public string PersistenceId(IActorRef actor) => actor.Path.ToStringWithoutAddress();

    /// <summary>The settings at a plugin's path, over the defaults for its kind.</summary>
    internal static Config ConfigOf(ActorSystem system, string pluginId, string fallback)
    {
        var all = system.Settings.Config;
        if (!all.HasPath(pluginId))
            throw new ConfigurationException(
                $"There is no persistence plugin [{pluginId}]: the configuration has no section of that path.");
        return all.GetConfig(pluginId)!.WithFallback(all.GetConfig(fallback));
    }

    /// <summary>The settings of the plugin that runs as this actor.</summary>
    internal static Config ConfigOf(IActorContext plugin, string fallback) =>
        plugin.System.Settings.Config.HasPath(plugin.Self.Path.Name)
            ? ConfigOf(plugin.System, plugin.Self.Path.Name, fallback)
            : plugin.System.Settings.Config.GetConfig(fallback)!;

    private IActorRef Plugin(string id, string fallback)
    {
        var started = _plugins.GetOrAdd(id,
            static (id, start) => new Lazy<IActorRef>(() => start.Self.Start(id, start.Fallback)), (Self: this, Fallback: fallback));
        try
        {
            return started.Value;
        }
        catch
        {
            _plugins.TryRemove(new KeyValuePair<string, Lazy<IActorRef>>(id, started));
            throw;
        }
    }

    private IActorRef Start(string id, string fallback)
    {
        var config = ConfigOf(_system, id, fallback);
        var setting = id + ".class";
        var name = config.GetString("class");
        if (string.IsNullOrEmpty(name)) throw new ConfigurationException($"{setting} is empty: it must name the plugin's class.");
        var type = TypeResolver.Resolve(name, setting);
        var props = type.GetConstructor([typeof(Config)]) is null ? new Props(type) : new Props(type, [config]);
        return _system.SystemActorOf(props.WithDispatcher(config.GetString("plugin-dispatcher")!), id);
    }
}
