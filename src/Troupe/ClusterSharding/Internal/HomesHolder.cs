using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// Keeps, in memory, what the coordinators of all types have written: their state outlives them as long as enough members live.
/// <para>One on every node that uses sharding, at <c>/system/sharding/homes</c>.</para>
/// </summary>
internal sealed class HomesHolder : ReceiveActor
{
    public const string Name = "homes";

    private readonly Dictionary<string, HomesShelf> _shelves = new(StringComparer.Ordinal);

    public HomesHolder()
    {
        Receive<ShardingMessage.ReadHomes>(read => Sender.Tell(Shelf(read.TypeName).OnRead(read.Term)));
        Receive<ShardingMessage.WriteHomes>(write => Sender.Tell(Shelf(write.TypeName).OnWrite(write.Version, write.Homes)));
    }

    private HomesShelf Shelf(string typeName)
    {
        if (!_shelves.TryGetValue(typeName, out var shelf)) _shelves[typeName] = shelf = new HomesShelf(typeName);
        return shelf;
    }
}
