using Akka.Actor;
using KvStore.Core.Identity;

namespace KvStore.Node.Links;

/// <summary>Where a peer is, and how often this process has begun its link anew. Any thread.</summary>
public sealed class PeerAddress(NodeId node, Address address)
{
    private int _restarts = -1;
    private volatile bool _isOpen;

    public NodeId Node => node;

    public Address Address => address;

    /// <summary>Whether the peer has greeted back and the line has not broken since. Written by the link's actor alone.</summary>
    public bool IsOpen
    {
        get => _isOpen;
        internal set => _isOpen = value;
    }

    /// <summary>Counts the links to this peer in this process, from 0: none takes another's answers for its own.</summary>
    internal uint NextRestart() => (uint)Interlocked.Increment(ref _restarts);
}
