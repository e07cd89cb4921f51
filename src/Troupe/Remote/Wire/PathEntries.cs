using Akka.Actor;

namespace Akka.Remote.Wire;

/// <summary>
/// The receiving half of a connection's table of actor paths (<see cref="PathTable"/>). An entry keeps what its path was
/// resolved to, so that a message on a known path costs no lookup.
/// <para>Owner: one connection's reader.</para>
/// </summary>
internal sealed class PathEntries(Address self, Address peer)
{
    private readonly RootActorPath _selfRoot = new(self);
    private readonly RootActorPath _peerRoot = new(peer);
    private Entry?[] _entries = new Entry?[16];

    /// <summary>One numbered path.</summary>
    internal sealed class Entry(ActorPath path)
    {
        internal ActorPath Path { get; } = path;

        /// <summary>Owner's cache: the reference that the path was resolved to.</summary>
        internal IInternalActorRef? Resolved { get; set; }
    }

    /// <summary>
    /// A named actor: an entry alone, or a child of an entry (then <see cref="ChildName"/> is set), or nobody (no entry).
    /// </summary>
    internal readonly record struct Reference(Entry? Entry, string? ChildName, long ChildUid)
    {
        internal ActorPath? Path =>
            Entry is null || ChildName is null ? Entry?.Path : new ChildActorPath(Entry.Path, ChildName, ChildUid);
    }

    internal Reference Read(ref FrameReader reader)
    {
        var tag = reader.ReadSmall((PathTable.Capacity + 1) << 2);
        if (tag == 0)
            return default;
        var number = tag >> 2;
        var form = tag & 3;
        var entry = form is PathForm.Define or PathForm.DefineAndChild ? Define(ref reader, number) : Known(number);
        return form is PathForm.Use or PathForm.Define
            ? new Reference(entry, null, 0)
            : new Reference(entry, ReadName(ref reader), (long)reader.ReadVarint());
    }

    private Entry Known(int number) =>
        (number < _entries.Length ? _entries[number] : null)
            ?? throw new MalformedFrameException($"path number {number}, which was never defined");

    private Entry Define(ref FrameReader reader, int number)
    {
        if (number == 0)
            throw new MalformedFrameException("a definition of path number 0");
        var root = ReadRoot(ref reader);
        var text = reader.ReadString(PathForm.MaxText);
        var uid = (long)reader.ReadVarint();
        ActorPath path = root;
        foreach (var name in text.Split('/', StringSplitOptions.RemoveEmptyEntries))
            path = new ChildActorPath(path, name, 0);
        if (number >= _entries.Length)
            Array.Resize(ref _entries, Math.Min(Math.Max(number + 1, _entries.Length * 2), PathTable.Capacity + 1));
        return _entries[number] = new Entry(path.WithUid(uid));
    }

    private RootActorPath ReadRoot(ref FrameReader reader) => reader.ReadByte() switch
    {
        PathForm.SenderRoot => _peerRoot,
        PathForm.ReceiverRoot => _selfRoot,
        PathForm.OtherRoot => new RootActorPath(ReadAddress(ref reader)),
        var other => throw new MalformedFrameException($"root {other} of a path"),
    };

    private static Address ReadAddress(ref FrameReader reader) =>
        Address.TryParse(reader.ReadString(PathForm.MaxText), out var address) && address!.HasGlobalScope
            ? address
            : throw new MalformedFrameException("a path's address that is none");

    private static string ReadName(ref FrameReader reader)
    {
        var name = reader.ReadString(PathForm.MaxText);
        return name.Length > 0 && !name.Contains('/')
            ? name
            : throw new MalformedFrameException("a child's name that is none");
    }
}
