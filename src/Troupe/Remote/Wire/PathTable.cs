using Akka.Actor;

namespace Akka.Remote.Wire;

/// <summary>
/// The sending half of a connection's table of actor paths: a path that comes again is a number of one or two bytes.
/// <para>
/// Paths are told apart by reference, as a reference keeps its path object for life: no text is built or compared on a hit.
/// A path seen for the first time is sent as its parent's entry and its own name, so that actors and asks that live for one
/// request neither fill the table nor repeat their parent's text.
/// </para>
/// Owner: one connection's write round. Invariants:
/// <list type="number">
/// <item>The receiver's table equals this one after every frame, as definitions travel inside the frames that first use
/// them.</item>
/// <item>Numbers are given round and round: a new definition takes over the oldest number.</item>
/// </list>
/// </summary>
internal sealed class PathTable(Address self, Address peer)
{
    /// <summary>Entries of a table; numbers are 1 to this.</summary>
    internal const int Capacity = 1024;

    private const int SeenSize = 256;

    private readonly Dictionary<ActorPath, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly ActorPath?[] _paths = new ActorPath?[Capacity + 1];
    private readonly ActorPath?[] _seenOnce = new ActorPath?[SeenSize];
    private int _last;

    /// <summary>Writes a reference: null for nobody.</summary>
    internal void Write(FrameBuffer target, ActorPath? path)
    {
        if (path is null)
            target.WriteVarint(0);
        else if (_numbers.TryGetValue(path, out var number))
            target.WriteVarint(PathForm.Tag(number, PathForm.Use));
        else if (path.Depth == 0 || SeenBefore(path))
            Define(target, path, PathForm.Define);
        else
            WriteBelowParent(target, path);
    }

    /// <summary>No reference to this path takes more bytes than this.</summary>
    internal static int LongestForm(ActorPath? path)
    {
        if (path is null)
            return 1;
        var characters = path.Address.ToString().Length;
        for (var p = path; p.Depth > 0; p = p.Parent)
            characters += p.Name.Length + 1;
        return characters * 3 + 64;
    }

    private void WriteBelowParent(FrameBuffer target, ActorPath path)
    {
        if (_numbers.TryGetValue(path.Parent, out var parent))
            target.WriteVarint(PathForm.Tag(parent, PathForm.Child));
        else
            Define(target, path.Parent, PathForm.DefineAndChild);
        target.WriteString(path.Name);
        target.WriteVarint((ulong)path.Uid);
    }

    private void Define(FrameBuffer target, ActorPath path, int form)
    {
        _last = _last % Capacity + 1;
        if (_paths[_last] is { } evicted)
            _numbers.Remove(evicted);
        _paths[_last] = path;
        _numbers.Add(path, _last);
        target.WriteVarint(PathForm.Tag(_last, form));
        WriteRoot(target, path.Address);
        target.WriteString(path.Depth == 0 ? "" : path.ToStringWithoutAddress());
        target.WriteVarint((ulong)path.Uid);
    }

    private void WriteRoot(FrameBuffer target, Address address)
    {
        if (address.HasLocalScope || address.Equals(self))
        {
            target.WriteByte(PathForm.SenderRoot);
        }
        else if (address.Equals(peer))
        {
            target.WriteByte(PathForm.ReceiverRoot);
        }
        else
        {
            target.WriteByte(PathForm.OtherRoot);
            target.WriteString(address.ToString());
        }
    }

    private bool SeenBefore(ActorPath path)
    {
        ref var slot = ref _seenOnce[(int)(Fingerprint(path) % SeenSize)];
        if (ReferenceEquals(slot, path))
            return true;
        slot = path;
        return false;
    }

    /// <summary>The same in every process, as the bytes on the wire depend on it.</summary>
    private static uint Fingerprint(ActorPath path)
    {
        var hash = 2166136261u ^ (uint)path.Uid;
        foreach (var c in path.Name)
            hash = (hash ^ c) * 16777619;
        return hash ^ hash >> 15;
    }
}
