using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

internal sealed partial class ActorSystemImpl
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();

    public override object RegisterExtension(IExtensionId extension)
    {
        var made = _extensions.GetOrAdd(extension.ExtensionType,
            static (_, made) => new Lazy<object>(() => made.Id.CreateExtension(made.System)
                ?? throw new InvalidOperationException($"{made.Id.GetType()} made no extension (null).")),
            (Id: extension, System: this));
        try
        {
            return made.Value;
        }
        catch
        {
            _extensions.TryRemove(new KeyValuePair<Type, Lazy<object>>(extension.ExtensionType, made));
            throw;
        }
    }

    public override object GetExtension(IExtensionId extensionId) => RegisterExtension(extensionId);

    public override T GetExtension<T>() where T : class =>
        TryGetExtension<T>(out var extension)
            ? extension!
            : throw new InvalidOperationException($"The actor system [{Name}] has no extension {typeof(T)}: register it first.");

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, out object? extension)
    {
        extension = _extensions.TryGetValue(extensionType, out var made) ? made.Value : null;
        return extension is not null;
    }

    public override bool TryGetExtension<T>(out T? extension) where T : class
    {
        var found = TryGetExtension(typeof(T), out var made);
        extension = made as T;
        return found;
    }

    private void LoadExtensions()
    {
        const string setting = "akka.extensions";
        foreach (var name in Settings.Config.GetStringList(setting))
        {
            var type = TypeResolver.Resolve(name, setting);
            if (!typeof(IExtensionId).IsAssignableFrom(type))
                throw new ConfigurationException($"{setting} names the type [{name}], which is no IExtensionId.");
            RegisterExtension((IExtensionId)TypeResolver.Create(type, setting, []));
        }
    }
}
