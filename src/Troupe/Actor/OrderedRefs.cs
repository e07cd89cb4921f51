using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>
/// Actor references with a value each, in the order in which they came. A list while there are few, with an index beyond.
/// Thread rule: one owner at a time.
/// </summary>
internal sealed class OrderedRefs<T>
{
    private const int Few = 16;

    private readonly LinkedList<(IActorRef Ref, T Value)> _entries = new();
    private Dictionary<IActorRef, LinkedListNode<(IActorRef Ref, T Value)>>? _index;

    public int Count => _entries.Count;

    /// <summary>How many are actors of other systems.</summary>
    public int Elsewhere { get; private set; }

    /// <summary>False when it was there already: nothing is changed.</summary>
    public bool Add(IActorRef actor, T value)
    {
        if (Find(actor) is not null) return false;
        var node = _entries.AddLast((actor, value));
        if (_index is not null) _index[actor] = node;
        else if (_entries.Count > Few) BuildIndex();
        if (IsElsewhere(actor)) Elsewhere++;
        return true;
    }

    public bool TryGet(IActorRef actor, [MaybeNullWhen(false)] out T value)
    {
        if (Find(actor) is not { } node)
        {
            value = default;
            return false;
        }

        value = node.Value.Value;
        return true;
    }

    public bool TryTake(IActorRef actor, [MaybeNullWhen(false)] out T value)
    {
        if (Find(actor) is not { } node)
        {
            value = default;
            return false;
        }

        value = node.Value.Value;
        _index?.Remove(actor);
        _entries.Remove(node);
        if (IsElsewhere(node.Value.Ref)) Elsewhere--;
        return true;
    }

    /// <summary>
    /// Takes the entry of that very actor, or the one of its path without a uid, which stands for any incarnation.
    /// </summary>
    public bool TryTakeIncarnation(IActorRef actor, out T? value)
    {
        if (TryTake(actor, out value)) return true;
        if (actor.Path.Uid == ActorPath.UndefinedUid) return false;
        for (var node = _entries.First; node is not null; node = node.Next)
        {
            var entry = node.Value.Ref;
            if (entry.Path.Uid == ActorPath.UndefinedUid && entry.Path.Equals(actor.Path)) return TryTake(entry, out value);
        }

        return false;
    }

    public bool Remove(IActorRef actor) => TryTake(actor, out _);

    public IActorRef[] Refs()
    {
        if (_entries.Count == 0) return [];
        var refs = new IActorRef[_entries.Count];
        var i = 0;
        foreach (var entry in _entries) refs[i++] = entry.Ref;
        return refs;
    }

    private static bool IsElsewhere(IActorRef actor) => actor is IInternalActorRef { IsLocal: false };

    private LinkedListNode<(IActorRef Ref, T Value)>? Find(IActorRef actor)
    {
        if (_index is not null) return _index.GetValueOrDefault(actor);
        for (var node = _entries.First; node is not null; node = node.Next)
        {
            if (node.Value.Ref.Equals(actor)) return node;
        }

        return null;
    }

    private void BuildIndex()
    {
        _index = [];
        for (var node = _entries.First; node is not null; node = node.Next) _index[node.Value.Ref] = node;
    }
}
