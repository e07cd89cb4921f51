using System.Buffers.Binary;
using System.Text;
using KvStore.Data;

namespace KvStore.Node.Persistence;

/// <summary>
/// Keys of the journal and the snapshots in a node's engine, all under <see cref="DataKeys.Journal"/>: in no partition, tree or stream.
/// docs/formats/journal.md is their grammar.
/// <para>Invariant: the events and the snapshots of one persistence id are each one range, in the order of their sequence numbers.</para>
/// </summary>
internal static class PersistenceKeys
{
    /// <summary>The longest persistence id, in bytes.</summary>
    public const int MaxPersistenceId = 1024;

    private const byte EventArea = 0x01;
    private const byte HighestArea = 0x02;
    private const byte SnapshotArea = 0x03;

    private static readonly byte[] Prefix = DataKeys.Journal();

    /// <summary>One event.</summary>
    public static byte[] Event(string persistenceId, long sequenceNr) => Numbered(EventArea, persistenceId, sequenceNr);

    /// <summary>The highest sequence number ever written: eight bytes, big-endian.</summary>
    public static byte[] Highest(string persistenceId) => Of(HighestArea, persistenceId, room: 0);

    /// <summary>One snapshot.</summary>
    public static byte[] Snapshot(string persistenceId, long sequenceNr) => Numbered(SnapshotArea, persistenceId, sequenceNr);

    /// <summary>All snapshots of one persistence id.</summary>
    public static byte[] Snapshots(string persistenceId) => Of(SnapshotArea, persistenceId, room: 0);

    /// <summary>The sequence number in the key of an event or a snapshot.</summary>
    public static long SequenceNrOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadInt64BigEndian(key[^sizeof(long)..]);

    private static byte[] Numbered(byte area, string persistenceId, long sequenceNr)
    {
        var key = Of(area, persistenceId, sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(key.Length - sizeof(long)), sequenceNr);
        return key;
    }

    private static byte[] Of(byte area, string persistenceId, int room)
    {
        var length = Encoding.UTF8.GetByteCount(persistenceId);
        if (length > MaxPersistenceId)
            throw new ArgumentException(
                $"A persistence id has at most {MaxPersistenceId} bytes, and this one has {length}. Nothing was written.", nameof(persistenceId));
        var key = new byte[Prefix.Length + 1 + sizeof(ushort) + length + room];
        Prefix.CopyTo(key, 0);
        key[Prefix.Length] = area;
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(Prefix.Length + 1), (ushort)length);
        Encoding.UTF8.GetBytes(persistenceId, key.AsSpan(Prefix.Length + 1 + sizeof(ushort)));
        return key;
    }
}
