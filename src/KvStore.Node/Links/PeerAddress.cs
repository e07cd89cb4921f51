using Akka.Actor;
using KvStore.Core.Identity;

namespace KvStore.Node.Links;

/// <summary>Where a peer is, and how often this process has begun its link anew. Any thread.</summary>
public sealed class PeerAddress(NodeId node, Address address)
{
    private int _restarts = -1;

    public NodeId Node => node;

    public Address Address => address;

    /// <summary>Counts the links to this peer in this process, from 0: none takes another's answers for its own.</summary>
    internal uint NextRestart() => (uint)Interlocked.Increment(ref _restarts);
}
