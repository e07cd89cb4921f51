using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node;
using KvStore.Node.Membership;
using KvStore.Server.Http;
using Microsoft.AspNetCore.Http;

namespace KvStore.Server.Palettes;

/// <summary>How nodes are named at the console: by their id, or by four or more of its first digits.</summary>
internal static class NodeNames
{
    private const int Shortest = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The one node that is meant, a member or one that has asked to join; null when there is none, or more than one.</summary>
    public static async Task<NodeId?> Find(KvNode node, string named)
    {
        if (NodeId.TryParse(named, out var whole) && !whole.IsNone) return whole;
        if (named.Length < Shortest) return null;
        var status = await node.RingOwner.Ask<RingCommands.RingStatus>(RingCommands.GetStatus.Instance, Patience);
        var joining = status.Staged.OfType<RingChange.Join>().Select(change => change.Member.Id);
        var meant = node.Ring.Members.Select(member => member.Id).Concat(joining).Distinct()
            .Where(id => id.ToString().StartsWith(named, StringComparison.OrdinalIgnoreCase)).ToList();
        return meant.Count == 1 ? meant[0] : null;
    }

    public static IResult Unknown(string named) => RingEndpoints.Malformed(
        $"'{named}' names no one node here. Nothing was changed; 'kv ring' has the ids, and four or more digits of one are enough.");
}
