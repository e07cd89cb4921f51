using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Remote.Associations;

namespace Troupe.Tests.Remote;

public sealed class InboundPeerSpec
{
    private const int Dead = 11;
    private const int Alive = 22;

    /// <summary>
    /// Found by a simulated cluster: a node that was killed had a connection under way, which arrived after its successor's. The
    /// successor was then turned away as the earlier one for ever.
    /// </summary>
    [Fact]
    public void A_dead_incarnations_late_connection_does_not_shut_out_the_living_one_for_good()
    {
        var peer = new InboundPeer(new Address("akka.tcp", "sys", "host", 1));
        var late = Connection();
        peer.Accept(Connection(), Alive, attempt: 3);
        Assert.False(peer.IsStale(Dead, attempt: 1));
        peer.Accept(late, Dead, attempt: 1);
        Assert.True(peer.IsStale(Alive, attempt: 4));

        peer.Leave(late);
        Assert.False(peer.IsStale(Alive, attempt: 5));
        peer.Accept(Connection(), Alive, attempt: 5);
        Assert.True(peer.IsStale(Dead, attempt: 2));
        Assert.True(peer.IsStale(Alive, attempt: 5));
    }

    private static InboundConnection Connection() => (InboundConnection)RuntimeHelpers.GetUninitializedObject(typeof(InboundConnection));
}
