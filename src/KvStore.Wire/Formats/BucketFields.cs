using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Wire.Formats;

/// <summary>
/// The bytes of buckets: <c>count | (name | created | policy | quorum | TTL in ms, 0 for none)* | count | (name | created | dropped)*</c>, and
/// of the numbers of a quorum: <c>N | R | W | PR | PW | DW | sloppy</c>.
/// </summary>
internal static class BucketFields
{
    private const int MinDefinition = 13;
    private const int MinDropped = 6;

    public static void Catalogue(this WireWriter writer, BucketCatalogue catalogue)
    {
        writer.List(catalogue.Definitions, static (target, bucket) =>
        {
            target.Bucket(bucket.Name);
            target.Epoch(bucket.CreatedAt);
            target.Byte((byte)bucket.Policy);
            target.Quorum(bucket.Quorum);
            target.Number((ulong)(bucket.DefaultTtl?.TotalMilliseconds ?? 0));
        });
        writer.List(catalogue.Dropped, static (target, bucket) =>
        {
            target.Bucket(bucket.Name);
            target.Epoch(bucket.CreatedAt);
            target.Epoch(bucket.DroppedAt);
        });
    }

    public static BucketCatalogue Catalogue(this ref WireReader reader)
    {
        var definitions = reader.List(
            BucketCatalogue.MaxBuckets, MinDefinition, static (ref WireReader source) => new BucketDefinition(
                source.Bucket(), source.Epoch(), source.Choice<BucketPolicy>(), source.Quorum(), source.Ttl()));
        var dropped = reader.List(
            BucketCatalogue.MaxDropped, MinDropped, static (ref WireReader source) => new DroppedBucket(
                source.Bucket(), source.Epoch(), source.Epoch()));
        try
        {
            return new BucketCatalogue(definitions, dropped);
        }
        catch (ArgumentException wrong)
        {
            throw new WireFormatException($"the parts do not make a catalogue of buckets: {wrong.Message}");
        }
    }

    /// <summary>
    /// The bytes of a change: <c>kind (1 create, 2 alter, 3 drop, 4 empty) | name</c>, then of the first two <c>[policy] | quorum | TTL in ms</c>.
    /// </summary>
    public static void BucketChange(this WireWriter writer, BucketChange change)
    {
        switch (change)
        {
            case Core.Buckets.BucketChange.Create create:
                writer.Byte(1);
                writer.Bucket(create.Name);
                writer.Byte((byte)create.Policy);
                writer.Quorum(create.Quorum);
                writer.Number((ulong)(create.DefaultTtl?.TotalMilliseconds ?? 0));
                break;
            case Core.Buckets.BucketChange.Alter alter:
                writer.Byte(2);
                writer.Bucket(alter.Name);
                writer.Quorum(alter.Quorum);
                writer.Number((ulong)(alter.DefaultTtl?.TotalMilliseconds ?? 0));
                break;
            default:
                writer.Byte(change is Core.Buckets.BucketChange.Drop ? (byte)3 : (byte)4);
                writer.Bucket(change.Name);
                break;
        }
    }

    public static BucketChange BucketChange(this ref WireReader reader) => reader.Choice(4, first: 1) switch
    {
        1 => new Core.Buckets.BucketChange.Create(reader.Bucket(), reader.Choice<BucketPolicy>(), reader.Quorum(), reader.Ttl()),
        2 => new Core.Buckets.BucketChange.Alter(reader.Bucket(), reader.Quorum(), reader.Ttl()),
        3 => new Core.Buckets.BucketChange.Drop(reader.Bucket()),
        _ => new Core.Buckets.BucketChange.Empty(reader.Bucket()),
    };

    public static void QuorumOrNone(this WireWriter writer, Quorum? quorum)
    {
        writer.Flag(quorum is not null);
        if (quorum is not null)
            writer.Quorum(quorum);
    }

    public static Quorum? QuorumOrNone(this ref WireReader reader) => reader.Flag() ? reader.Quorum() : null;

    public static void Quorum(this WireWriter writer, Quorum quorum)
    {
        writer.Count(quorum.N);
        writer.Count(quorum.R);
        writer.Count(quorum.W);
        writer.Count(quorum.PR);
        writer.Count(quorum.PW);
        writer.Count(quorum.DW);
        writer.Flag(quorum.Sloppy);
    }

    public static Quorum Quorum(this ref WireReader reader)
    {
        const int most = Core.Coordination.Quorum.MaxN;
        var isOne = Core.Coordination.Quorum.TryCreate(
            reader.Count(most), reader.Count(most), reader.Count(most), reader.Count(most), reader.Count(most), reader.Count(most),
            reader.Flag(), out var quorum, out var wrong);
        return isOne ? quorum! : throw new WireFormatException(wrong!);
    }

    private static TimeSpan? Ttl(this ref WireReader reader) =>
        reader.Number((ulong)BucketDefinition.MaxTtl.TotalMilliseconds) is var milliseconds and > 0
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;
}
