using System.Collections.Concurrent;

namespace Akka.Actor;

/// <summary>A name in the tree with references below it but no actor: /temp. Safe from any thread.</summary>
internal sealed class VirtualPathContainer(IActorRefProvider provider, ActorPath path, IInternalActorRef parent) : MinimalActorRef
{
    private readonly ConcurrentDictionary<string, IInternalActorRef> _children = new(StringComparer.Ordinal);

    public override ActorPath Path => path;

    public override IActorRefProvider Provider => provider;

    public override IInternalActorRef Parent => parent;

    public int Count => _children.Count;

    public void Add(string name, IInternalActorRef actor) => _children[name] = actor;

    public void Remove(string name) => _children.TryRemove(name, out _);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        if (name.Count == 0) return this;
        if (name[0].Length == 0) return GetChild([.. name.Skip(1)]);
        if (!_children.TryGetValue(name[0], out var child)) return Nobody.Instance;
        return name.Count == 1 ? child : child.GetChild([.. name.Skip(1)]);
    }
}
