using System.Collections.Immutable;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Wire.Formats;

/// <summary>
/// The bytes of a ring: <c>cluster | epoch | replicas | members | Q | owner of each partition | changing (1 byte) |
/// [next owners | phase of each partition] | removed | buckets | dropped buckets</c>. Owners are places in the list of members, as varints: a ring of 256
/// partitions and 10 nodes takes about 1 KB.
/// </summary>
internal static class RingFields
{
    private const int MinMember = NodeId.Size + 4;

    public static void Ring(this WireWriter writer, Ring ring)
    {
        writer.Cluster(ring.Cluster);
        writer.Epoch(ring.Epoch);
        writer.Count(ring.Replicas);
        writer.List(ring.Members, static (target, member) => target.Member(member));
        var places = new Dictionary<NodeId, int>(ring.Members.Length);
        foreach (var member in ring.Members)
            places.Add(member.Id, places.Count);
        writer.Count(ring.PartitionCount);
        foreach (var owner in ring.Owners)
            writer.Count(places[owner]);
        var isMoving = ring.NextOwners != ring.Owners;
        writer.Flag(isMoving);
        for (var i = 0; isMoving && i < ring.PartitionCount; i++)
            writer.Count(places[ring.NextOwners[i]]);
        for (var i = 0; isMoving && i < ring.PartitionCount; i++)
            writer.Byte((byte)ring.Phases[i]);
        writer.List(ring.Removed, static (target, node) => target.Node(node));
        writer.Catalogue(ring.Buckets);
    }

    public static Ring Ring(this ref WireReader reader)
    {
        var cluster = reader.Cluster();
        var epoch = reader.Epoch();
        var replicas = reader.Count(Core.Placement.Ring.MaxReplicas);
        var members = reader.List(
            Core.Placement.Ring.MaxMembers, MinMember, static (ref WireReader source) => source.Member());
        var partitions = reader.Count(PartitionId.MaxCount);
        var owners = reader.Owners(partitions, members);
        var isMoving = reader.Flag();
        var next = isMoving ? reader.Owners(partitions, members) : default;
        var phases = isMoving ? reader.Phases(partitions) : default;
        var removed = reader.List(WireLimits.MaxText, NodeId.Size, static (ref WireReader source) => source.Node());
        var buckets = reader.Catalogue();
        try
        {
            return new Ring(cluster, epoch, replicas, members, owners, next, phases, removed, buckets);
        }
        catch (ArgumentException wrong)
        {
            throw new WireFormatException($"the parts do not make a ring: {wrong.Message}");
        }
    }

    public static void Member(this WireWriter writer, RingMember member)
    {
        writer.Node(member.Id);
        writer.Text(member.Address);
        writer.Text(member.Rack);
        writer.Count(member.Weight);
        writer.Byte((byte)member.Status);
    }

    public static RingMember Member(this ref WireReader reader) => new(
        reader.Node(), reader.Text(), reader.Text(), reader.Count(RingMember.MaxWeight),
        reader.Choice<RingMemberStatus>());

    public static void Change(this WireWriter writer, RingChange change)
    {
        switch (change)
        {
            case RingChange.Join join:
                writer.Byte(1);
                writer.Member(join.Member);
                break;
            case RingChange.Leave leave:
                writer.Byte(2);
                writer.Node(leave.Leaver);
                break;
            case RingChange.Remove remove:
                writer.Byte(3);
                writer.Node(remove.Lost);
                break;
            case RingChange.Replace replace:
                writer.Byte(4);
                writer.Node(replace.Lost);
                writer.Member(replace.Member);
                break;
        }
    }

    public static RingChange Change(this ref WireReader reader) => reader.Choice(4, first: 1) switch
    {
        1 => new RingChange.Join(reader.Member()),
        2 => new RingChange.Leave(reader.Node()),
        3 => new RingChange.Remove(reader.Node()),
        _ => new RingChange.Replace(reader.Node(), reader.Member()),
    };

    private static ImmutableArray<NodeId> Owners(this ref WireReader reader, int count, ImmutableArray<RingMember> members)
    {
        if (members.IsEmpty)
            throw new WireFormatException("a ring has no members");
        var owners = ImmutableArray.CreateBuilder<NodeId>(count);
        for (var i = 0; i < count; i++)
            owners.Add(members[reader.Count(members.Length - 1)].Id);
        return owners.MoveToImmutable();
    }

    private static ImmutableArray<MovePhase> Phases(this ref WireReader reader, int count)
    {
        var phases = ImmutableArray.CreateBuilder<MovePhase>(count);
        for (var i = 0; i < count; i++)
            phases.Add(reader.Choice<MovePhase>());
        return phases.MoveToImmutable();
    }
}
