using Akka.Util;

namespace Akka.Remote;

/// <summary>
/// References by the text they were resolved from, so that addressing a peer by path costs no parsing, and gives the same
/// reference (which a connection knows by number) each time. A fixed number of places; a newcomer takes the place that it
/// hashes to.
/// <para>Thread rule: any thread, without locks.</para>
/// </summary>
internal sealed class RemoteRefCache
{
    private const int Places = 1024;

    private readonly Entry?[] _entries = new Entry?[Places];

    private sealed record Entry(string Path, RemoteActorRef Ref);

    internal RemoteActorRef? Find(string path) =>
        Volatile.Read(ref _entries[Place(path)]) is { } entry && entry.Path == path ? entry.Ref : null;

    internal void Add(string path, RemoteActorRef reference) =>
        Volatile.Write(ref _entries[Place(path)], new Entry(path, reference));

    private static int Place(string path) => (int)((uint)StableHash.Of(path) % Places);
}
