using Akka.Actor;
using Akka.Util;

namespace Akka.Cluster.Tools.Client;

/// <summary>
/// Which receptionists a client is told of: the same ones by whomever it asks, and different ones for different clients, so that no
/// member has all of them (rendezvous hashing). Pure.
/// </summary>
internal static class ContactChoice
{
    public static IEnumerable<Address> For(string client, IEnumerable<Address> members, int count) => members
        .Select(member => (Member: member, Rank: StableHash.Of(client, StableHash.Of(member.ToString()))))
        .OrderBy(choice => choice.Rank).ThenBy(choice => choice.Member, Member.AddressOrdering)
        .Take(count).Select(choice => choice.Member);
}
