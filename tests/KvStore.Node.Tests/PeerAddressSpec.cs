using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Links;
using KvStore.Data;
using KvStore.Node.Links;

namespace KvStore.Node.Tests;

public sealed class PeerAddressSpec
{
    private static readonly NodeId Peer = new(1, 2);

    [Fact]
    public void A_start_of_a_peer_that_was_seen_before_this_process_is_still_known()
    {
        var peer = new PeerAddress(Peer, Address.Parse("akka.tcp://kv@h:2"));
        peer.Remember(new PeerStartRecord(3, 5, 7));
        Assert.Equal(PeerAdmission.EarlierStart, peer.Starts.Admit(Peer, 3, 4, 1));
        Assert.Equal(PeerAdmission.EarlierStart, peer.Starts.Admit(Peer, 3, 5, 8));
        Assert.Equal(PeerAdmission.OtherData, peer.Starts.Admit(Peer, 4, 6, 1));
        Assert.Equal(PeerAdmission.Admitted, peer.Starts.Admit(Peer, 3, 5, 7));
        Assert.Equal(PeerAdmission.Admitted, peer.Starts.Admit(Peer, 3, 6, 1));
    }
}
