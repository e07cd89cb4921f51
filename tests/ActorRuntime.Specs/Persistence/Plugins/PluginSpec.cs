namespace ActorRuntime.Specs.Persistence.Plugins;

/// <summary>
/// Base of the behaviours that a plugin of Akka.Persistence must have. A plugin's tests derive from <see cref="JournalPluginSpec"/>
/// and <see cref="SnapshotStorePluginSpec"/>, with the settings that make it the default one.
/// </summary>
public abstract class PluginSpec(string config) : Spec(config + "\n" + Serializers)
{
    /// <summary>The plugin turns what it keeps into bytes, and back.</summary>
    protected abstract bool KeepsBytes { get; }

    /// <summary>Whose events and snapshots; another one for each test.</summary>
    protected string Pid { get; } = "pid-" + Guid.NewGuid().ToString("N");

    private static string Serializers =>
        $$"""
        akka.actor {
          serializers.parcel = "{{Named(typeof(ParcelSerializer))}}"
          serialization-bindings."{{Named(typeof(Parcel))}}" = parcel
        }
        """;

    private static string Named(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
