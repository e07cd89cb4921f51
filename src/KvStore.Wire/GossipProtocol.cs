using KvStore.Core.Identity;
using KvStore.Core.Membership;

namespace KvStore.Wire;

/// <summary>What gossip actors say to each other.</summary>
public static class GossipProtocol
{
    /// <summary>One message of a push-pull exchange, with who sends it. Never answered as such: the table decides what follows.</summary>
    public sealed record Gossip(NodeId From, GossipMessage Message) : IWireMessage;
}
