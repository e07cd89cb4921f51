using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Data;

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

    /// <summary>The starts of the peer that this node has seen, in this process and before. Only the peer's link uses it.</summary>
    internal PeerStarts Starts { get; } = new();

    /// <summary>A start that was seen before this process: nothing older, and no other data, speaks for the peer.</summary>
    internal void Remember(PeerStartRecord last) => Starts.Admit(node, last.DataSet, last.Start, last.Process);

    /// <summary>Counts the links to this peer in this process, from 0: none takes another's answers for its own.</summary>
    internal uint NextRestart() => (uint)Interlocked.Increment(ref _restarts);
}
