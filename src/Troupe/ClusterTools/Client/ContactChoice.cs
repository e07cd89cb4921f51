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
        .Select(member => (Member: member, Rank: Mixed(StableHash.Of(client, StableHash.Of(member.ToString())))))
        .OrderBy(choice => choice.Rank).ThenBy(choice => choice.Member, Member.AddressOrdering)
        .Take(count).Select(choice => choice.Member);

    /// <summary>
    /// Texts that differ in one digit have hashes that are near to each other; here every bit depends on every other one (the finalizer of
    /// MurmurHash3, Appleby 2011).
    /// </summary>
    private static uint Mixed(int hash)
    {
        var bits = (uint)hash;
        bits = (bits ^ bits >> 16) * 0x85EB_CA6B;
        bits = (bits ^ bits >> 13) * 0xC2B2_AE35;
        return bits ^ bits >> 16;
    }
}
