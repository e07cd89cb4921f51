using System.Collections;
using System.Collections.Immutable;
using Akka.Cluster.Membership;
using Akka.Util;

namespace Akka.Cluster.Serialization;

/// <summary>
/// The bytes of a gossip. Its content (members and observations) has exactly one form, so that equal contents have equal digests.
/// docs/formats/cluster.md has the grammar.
/// </summary>
internal static class GossipCodec
{
    public static byte[] Content(Gossip gossip)
    {
        var writer = new ClusterWriter(256);
        WriteContent(writer, gossip);
        return writer.ToArray();
    }

    public static void Write(ClusterWriter writer, Gossip gossip)
    {
        WriteContent(writer, gossip);
        writer.Number(gossip.Tombstones.Count);
        foreach (var (node, tombstone) in gossip.Tombstones)
        {
            writer.Node(node);
            writer.Number((ulong)Math.Max(0, tombstone.At));
            writer.Byte(tombstone.WasDown ? (byte)1 : (byte)0);
        }
        writer.Bytes(SeenBits(gossip));
    }

    public static Gossip Read(ClusterReader reader)
    {
        var members = ReadMembers(reader);
        var nodes = members.Select(member => member.UniqueAddress).ToArray();
        var reachability = ReadReachability(reader, nodes);
        var tombstones = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, Tombstone>();
        for (var left = reader.Count(); left > 0; left--)
            tombstones[reader.Node()] = new Tombstone(reader.Long(), reader.Byte() == 1);
        var gossip = new Gossip(
            Gossip.NoMembers.AddRange(members.Select(member => KeyValuePair.Create(member.UniqueAddress, member))),
            reachability, tombstones.ToImmutable(), []);
        return gossip.WithSeen(SeenOf(gossip, reader.Bytes()));
    }

    /// <summary>A bit for each member in order: has it seen this?</summary>
    public static byte[] SeenBits(Gossip gossip)
    {
        var bits = new byte[(gossip.Members.Count + 7) / 8];
        var index = 0;
        foreach (var node in gossip.Members.Keys)
        {
            if (gossip.Seen.Contains(node))
                bits[index / 8] |= (byte)(1 << (index % 8));
            index++;
        }
        return bits;
    }

    public static ImmutableHashSet<UniqueAddress> SeenOf(Gossip gossip, byte[] bits)
    {
        var flags = new BitArray(bits);
        return [.. gossip.Members.Keys.Where((_, index) => index < flags.Length && flags[index])];
    }

    private static void WriteContent(ClusterWriter writer, Gossip gossip)
    {
        writer.Number(gossip.Members.Count);
        if (gossip.Members.Count == 0)
            return;
        var first = gossip.Members.Keys.First().Address;
        writer.Text(first.Protocol);
        writer.Text(first.System);
        foreach (var member in gossip.Members.Values)
            WriteMember(writer, member);
        var nodes = gossip.Members.Keys.ToArray();
        writer.Number(gossip.Reachability.Observations.Count);
        foreach (var (observer, seen) in gossip.Reachability.Observations)
        {
            writer.Number(Array.BinarySearch(nodes, observer));
            writer.Number((ulong)seen.Version);
            writer.Number(seen.Subjects.Count);
            foreach (var (subject, contact) in seen.Subjects)
            {
                writer.Number(Array.BinarySearch(nodes, subject));
                writer.Byte((byte)contact);
            }
        }
    }

    private static void WriteMember(ClusterWriter writer, Member member)
    {
        writer.HostAndPort(member.Address);
        writer.Uid(member.UniqueAddress.Uid);
        writer.Byte((byte)member.Status);
        writer.Number(member.UpNumber == Member.NotYetUp ? 0 : member.UpNumber);
        writer.Number(member.Roles.Count);
        foreach (var role in member.SortedRoles)
            writer.Text(role);
        writer.Text(member.AppVersion.Version);
    }

    private static List<Member> ReadMembers(ClusterReader reader)
    {
        var left = reader.Count();
        var members = new List<Member>(left);
        if (left == 0)
            return members;
        var (protocol, system) = (reader.Text(), reader.Text());
        for (; left > 0; left--)
        {
            var node = new UniqueAddress(reader.HostAndPort(protocol, system), reader.Uid());
            if (members.Count > 0 && members[^1].UniqueAddress.CompareTo(node) >= 0)
                throw reader.Malformed("the members are not in order");
            var status = (MemberStatus)reader.Byte();
            if (status is MemberStatus.Removed or > MemberStatus.WeaklyUp)
                throw reader.Malformed("a member has no status");
            var upNumber = reader.Int() is var up and > 0 ? up : Member.NotYetUp;
            var roles = new string[reader.Count()];
            for (var i = 0; i < roles.Length; i++)
                roles[i] = reader.Text();
            members.Add(new Member(node, upNumber, status, [.. roles], AppVersion.Create(reader.Text())));
        }
        return members;
    }

    private static Contact ReadContact(ClusterReader reader) => (Contact)reader.Byte() switch
    {
        Contact.Lost => Contact.Lost,
        Contact.Ended => Contact.Ended,
        _ => throw reader.Malformed("an observation has no such form"),
    };

    private static Reachability ReadReachability(ClusterReader reader, UniqueAddress[] nodes)
    {
        if (nodes.Length == 0)
            return Reachability.Empty;
        var observations = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, Observation>();
        for (var left = reader.Count(); left > 0; left--)
        {
            var observer = Node();
            var version = reader.Long();
            var subjects = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, Contact>();
            for (var more = reader.Count(); more > 0; more--)
                subjects[Node()] = ReadContact(reader);
            observations[observer] = new Observation(version, subjects.ToImmutable());
        }
        return new Reachability(observations.ToImmutable());

        UniqueAddress Node() =>
            reader.Int() is var index && index < nodes.Length ? nodes[index] : throw reader.Malformed("there is no such member");
    }
}
