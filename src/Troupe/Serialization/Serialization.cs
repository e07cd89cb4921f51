using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>
/// The serializers of one ActorSystem. Each type has the one that is bound to it or to the most specific of its bases; a type
/// with none is an error that says which setting is missing, never a guess.
/// <para>Safe from any thread. The numbers of serializers travel; the order of bindings is that of the settings.</para>
/// </summary>
public class Serialization
{
    [ThreadStatic]
    private static Information? t_information;

    private readonly ConcurrentDictionary<Type, Serializer?> _byType = new();
    private readonly Dictionary<string, Serializer> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Serializer> _byId = [];
    private readonly List<(Type Type, Serializer Serializer)> _bindings = [];
    private readonly Lock _gate = new();

    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        ReadSetup();
        ReadSettings();
    }

    public ExtendedActorSystem System { get; }

    /// <summary>
    /// The transport that references are being written for, or read from, on this thread. Throws when there is none.
    /// </summary>
    public static Information GetCurrentTransportInformation() =>
        t_information ?? throw new InvalidOperationException(
            "CurrentTransportInformation is not set: use Serialization.WithTransport around writing or reading references.");

    /// <summary>
    /// The text that a reference is sent as: its full path with uid, with the address that the transport's peer reaches this
    /// system by.
    /// </summary>
    public static string SerializedActorPath(IActorRef actorRef)
    {
        if (actorRef.IsNobody() || ReferenceEquals(actorRef, ActorRefs.NoSender)) return "";
        var information = t_information;
        if (information is not null) return actorRef.Path.ToSerializationFormatWithAddress(information.Address);
        return actorRef is IInternalActorRef { Provider: { } provider } && actorRef.Path.Address.HasLocalScope
            ? actorRef.Path.ToSerializationFormatWithAddress(provider.DefaultAddress)
            : actorRef.Path.ToSerializationFormat();
    }

    /// <summary>Runs with this system's own address as the transport.</summary>
    public static T WithTransport<T>(ExtendedActorSystem system, Func<T> action) =>
        WithInformation(system.Provider.SerializationInformation, action, static run => run());

    public static T WithTransport<TState, T>(ExtendedActorSystem system, TState state, Func<TState, T> action) =>
        WithInformation(system.Provider.SerializationInformation, state, action);

    /// <summary>What travels as the manifest: the serializer's own text, the class's name, or nothing.</summary>
    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest named => named.Manifest(msg),
        { IncludeManifest: true } => msg.GetType().TypeQualifiedName(),
        _ => "",
    };

    public byte[] Serialize(object o) =>
        WithTransport(System, (Self: this, o), static state => state.Self.FindSerializerFor(state.o).ToBinary(state.o));

    public object Deserialize(byte[] bytes, int serializerId, Type type)
    {
        var serializer = ById(serializerId);
        return WithTransport(System, (serializer, bytes, type), static s => s.serializer.FromBinary(s.bytes, s.type));
    }

    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = ById(serializerId);
        return WithTransport(System, (serializer, bytes, manifest), static s => Read(s.serializer, s.bytes, s.manifest));
    }

    public IActorRef DeserializeActorRef(string path) =>
        path.Length == 0 ? ActorRefs.Nobody : System.Provider.ResolveActorRef(path);

    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null) =>
        obj is null
            ? throw new ArgumentNullException(nameof(obj), "There is no serializer for null.")
            : FindSerializerForType(obj.GetType(), defaultSerializerName);

    /// <summary>Throws <see cref="SerializationException"/> when nothing is bound to the type.</summary>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        if (!_byType.TryGetValue(objectType, out var serializer)) serializer = _byType.GetOrAdd(objectType, MostSpecific);
        if (serializer is not null) return serializer;
        if (defaultSerializerName is not null && _byName.TryGetValue(defaultSerializerName, out var fallback)) return fallback;
        throw new SerializationException(
            $"No serializer is bound to the type [{objectType.TypeQualifiedName()}], so it cannot be sent. Bind it, or an "
            + "interface or base class of it, in akka.actor.serialization-bindings: "
            + $"\"{objectType.TypeQualifiedName()}\" = <name of a serializer in akka.actor.serializers>.");
    }

    public void AddSerializer(string name, Serializer serializer)
    {
        lock (_gate)
        {
            if (_byId.TryGetValue(serializer.Identifier, out var other) && other.GetType() != serializer.GetType())
                throw new ConfigurationException(
                    $"The serializers {other.GetType()} and {serializer.GetType()} have the same identifier "
                    + $"{serializer.Identifier}.");
            _byName[name] = serializer;
            _byId[serializer.Identifier] = serializer;
        }
    }

    public void AddSerializationMap(Type type, Serializer serializer)
    {
        lock (_gate)
        {
            _bindings.RemoveAll(b => b.Type == type);
            _bindings.Add((type, serializer));
            _byType.Clear();
        }
    }

    /// <summary>
    /// As WithTransport, for code whose spans no delegate can carry: until <see cref="Leave"/> with what this returns.
    /// </summary>
    internal static Information? Enter(Information information)
    {
        var outer = t_information;
        t_information = information;
        return outer;
    }

    internal static void Leave(Information? outer) => t_information = outer;

    internal static T WithInformation<TState, T>(Information information, TState state, Func<TState, T> action)
    {
        var outer = t_information;
        t_information = information;
        try
        {
            return action(state);
        }
        finally
        {
            t_information = outer;
        }
    }

    /// <summary>The serializer of an identifier that came with bytes; null: unknown here.</summary>
    internal Serializer? FindById(int identifier) => _byId.GetValueOrDefault(identifier);

    /// <summary>As `serialize-messages` wants: through bytes and back, unless the message asks to be left alone.</summary>
    internal object Verify(object message, IActorRef receiver)
    {
        if (WrappedMessage.Unwrap(message) is INoSerializationVerificationNeeded
            || message is IWrappedMessage and not ActorSelectionMessage)
            return message;
        try
        {
            if (IsUnboundOfRuntime(message.GetType())) return message;
            var serializer = FindSerializerFor(message);
            var manifest = ManifestFor(serializer, message);
            return Deserialize(Serialize(message), serializer.Identifier, manifest);
        }
        catch (Exception e)
        {
            throw new SerializationException(
                $"Failed to serialize and deserialize payload object [{message.GetType()}] for {receiver} "
                + $"(akka.actor.serialize-messages is on): {e.Message}", e);
        }
    }

    /// <summary>A message between the runtime's own actors, which never leaves its system.</summary>
    private bool IsUnboundOfRuntime(Type type) =>
        type.Assembly == typeof(Serialization).Assembly && _byType.GetOrAdd(type, MostSpecific) is null;

    internal static object Read(Serializer serializer, byte[] bytes, string manifest)
    {
        if (serializer is SerializerWithStringManifest named) return named.FromBinary(bytes, manifest);
        if (string.IsNullOrEmpty(manifest)) return serializer.FromBinary(bytes, null!);
        var type = TypeResolver.TryResolve(manifest)
            ?? throw new SerializationException(
                $"Cannot find manifest class [{manifest}] for serializer with id [{serializer.Identifier}].");
        return serializer.FromBinary(bytes, type);
    }

    private Serializer ById(int identifier) =>
        FindById(identifier) ?? throw new SerializationException(
            $"Cannot find serializer with id [{identifier}] (the most probable reason is that the configuration entry "
            + "'akka.actor.serializers' is not in sync between the two systems).");

    private void ReadSetup()
    {
        if (System.Settings.Setup.Get<SerializationSetup>() is not { HasValue: true } setup) return;
        foreach (var details in setup.Value.CreateSerializers(System).OrderBy(d => d.Alias, StringComparer.Ordinal))
        {
            AddSerializer(details.Alias, details.Serializer);
            foreach (var type in details.UseFor) AddSerializationMap(type, details.Serializer);
        }
    }

    private void ReadSettings()
    {
        const string names = "akka.actor.serializers", bindings = "akka.actor.serialization-bindings";
        foreach (var (name, value) in System.Settings.Config.GetConfig(names)?.AsEnumerable() ?? [])
        {
            if (_byName.ContainsKey(name)) continue; // given by code
            var setting = $"{names}.{name}";
            var typeName = value.GetString() ?? "";
            var made = TypeResolver.Create(TypeResolver.Resolve(typeName, setting), setting, [System], []);
            AddSerializer(name, made as Serializer
                ?? throw new ConfigurationException($"{setting} names the type [{typeName}], which is no Serializer."));
        }

        foreach (var (typeName, value) in System.Settings.Config.GetConfig(bindings)?.AsEnumerable() ?? [])
        {
            var type = TypeResolver.Resolve(typeName, bindings);
            var name = value.GetString() ?? "";
            if (!_byName.TryGetValue(name, out var serializer))
                throw new ConfigurationException(
                    $"{bindings} binds [{typeName}] to the serializer [{name}], which {names} does not have.");
            if (!_bindings.Exists(b => b.Type == type)) _bindings.Add((type, serializer));
        }
    }

    /// <summary>
    /// The binding of the type itself, else of the base that no other bound base derives from; the first of equals.
    /// </summary>
    private Serializer? MostSpecific(Type type)
    {
        lock (_gate)
        {
            (Type Type, Serializer Serializer)? best = null;
            foreach (var binding in _bindings)
            {
                if (binding.Type == type) return binding.Serializer;
                if (!binding.Type.IsAssignableFrom(type)) continue;
                if (best is null || best.Value.Type.IsAssignableFrom(binding.Type)) best = binding;
            }

            return best?.Serializer;
        }
    }
}
