using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// Keeps, in memory, what the coordinators of all types have written: their state outlives them as long as enough members live.
/// <para>One on every node that uses sharding, at <c>/system/sharding/homes</c>.</para>
/// Invariants:
/// <list type="number">
/// <item>What it has of a type never becomes older.</item>
/// <item>Once it has answered a reader it takes no write of a lower term.</item>
/// </list>
/// </summary>
internal sealed class HomesHolder : ReceiveActor
{
    public const string Name = "homes";

    private readonly Dictionary<string, Held> _held = new(StringComparer.Ordinal);

    public HomesHolder()
    {
        Receive<ShardingMessage.ReadHomes>(Read);
        Receive<ShardingMessage.WriteHomes>(Write);
    }

    private Held Of(string typeName) => _held.GetValueOrDefault(typeName) ?? new Held(0, HomesVersion.None, ShardHomes.Empty);

    private void Read(ShardingMessage.ReadHomes read)
    {
        var held = Of(read.TypeName);
        held = _held[read.TypeName] = held with { Term = Math.Max(held.Term, read.Term) };
        Sender.Tell(new ShardingMessage.HomesRead(read.TypeName, held.Term, held.Version, held.Homes));
    }

    private void Write(ShardingMessage.WriteHomes write)
    {
        var held = Of(write.TypeName);
        if (write.Version.Term >= held.Term && write.Version >= held.Version)
            held = _held[write.TypeName] = new Held(write.Version.Term, write.Version, write.Homes);
        var newest = held.Term > held.Version.Term ? new HomesVersion(held.Term, 0) : held.Version;
        Sender.Tell(new ShardingMessage.HomesWritten(write.TypeName, newest));
    }

    private sealed record Held(long Term, HomesVersion Version, ShardHomes Homes);
}
