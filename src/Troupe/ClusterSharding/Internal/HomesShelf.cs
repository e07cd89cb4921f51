namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// What one member holds of one type's state, for the coordinators to come.
/// <para>Owner: a HomesHolder, or a test.</para>
/// Invariants:
/// <list type="number">
/// <item>What it holds never becomes older.</item>
/// <item>Once it has answered a reader it takes no write of a lower term.</item>
/// </list>
/// </summary>
internal sealed class HomesShelf(string typeName)
{
    private long _term;
    private HomesVersion _version;
    private ShardHomes _homes = ShardHomes.Empty;

    public ShardingMessage.HomesRead OnRead(long term)
    {
        _term = Math.Max(_term, term);
        return new ShardingMessage.HomesRead(typeName, _term, _version, _homes);
    }

    public ShardingMessage.HomesWritten OnWrite(HomesVersion version, ShardHomes homes)
    {
        if (version.Term >= _term && version >= _version)
        {
            _term = version.Term;
            _version = version;
            _homes = homes;
        }
        return new ShardingMessage.HomesWritten(typeName, _term > _version.Term ? new HomesVersion(_term, 0) : _version);
    }
}
