using System.Collections.Immutable;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Membership;

/// <summary>
/// What a node has heard of all nodes, and its opinion of whom it can reach: heartbeat counters spread by push-pull gossip
/// (van Renesse, Minsky, Hayden 1998) and judged by phi accrual, plus breakers fed by real requests.
/// <para>Owned by the gossip actor; not thread-safe. Only members of the ring are kept.</para>
/// Invariants: (1) what is held of a node never gets older: start and count only rise; (2) nobody speaks for this node but itself;
/// (3) a suspicion is this node's alone and changes no ownership.
/// </summary>
public sealed class GossipTable
{
    private readonly SortedDictionary<NodeId, Peer> _peers = [];
    private readonly GossipOptions _options;
    private readonly BreakerOptions _breakers;
    private Heartbeat _own;
    private Reachability _reachability = Reachability.All;

    /// <param name="self">This node's own heartbeat to begin with: its id, start number and address.</param>
    /// <param name="options">Timing.</param>
    /// <param name="breakers">When failing requests count as silence.</param>
    public GossipTable(Heartbeat self, GossipOptions options, BreakerOptions breakers)
    {
        _own = self;
        _options = options;
        _breakers = breakers;
    }

    /// <summary>The cluster; messages of another are ignored.</summary>
    public ClusterId Cluster { get; private set; }

    /// <summary>The current opinion.</summary>
    public Reachability Reachability => _reachability;

    /// <summary>Everything heard, this node's own included, by id.</summary>
    public IEnumerable<Heartbeat> Heartbeats => _peers.Values.Select(peer => peer.Heard).OfType<Heartbeat>().Append(_own);

    /// <summary>The ring has changed: its members, and only they, are peers.</summary>
    public void OnRing(Ring ring, TimeSpan now)
    {
        Cluster = ring.Cluster;
        _own = _own with { Epoch = ring.Epoch };
        foreach (var gone in _peers.Keys.Where(node => !ring.Contains(node)).ToList())
            _peers.Remove(gone);
        foreach (var member in ring.Members.Where(member => member.Id != _own.Node && !_peers.ContainsKey(member.Id)))
            _peers.Add(member.Id, new Peer(new PhiDetector(_options), new PeerBreaker(_breakers), now));
    }

    /// <summary>How busy this node says it is from now on.</summary>
    public void OnLoad(byte load) => _own = _own with { Load = load };

    /// <summary>One beat: offers what it knows to a few peers and judges everybody. Once an interval.</summary>
    /// <param name="now">The monotonic clock.</param>
    /// <param name="random">Chooses the peers.</param>
    /// <param name="effects">What to do.</param>
    public void OnTick(TimeSpan now, ulong random, List<GossipEffect> effects)
    {
        Judge(now, effects);
        _own = _own with
        {
            Count = _own.Count + 1,
            Suspects = [.. _reachability.Unreachable.Order().Take(Heartbeat.MaxSuspects)],
        };
        var offer = new GossipMessage.Offer(Cluster, [.. Heartbeats.Select(heard => heard.Digest)]);
        foreach (var peer in Choose(random))
            effects.Add(new GossipEffect.Send(peer, offer));
    }

    /// <summary>A message of a peer.</summary>
    public void OnMessage(NodeId from, GossipMessage message, TimeSpan now, List<GossipEffect> effects)
    {
        if (message.Cluster != Cluster || Cluster.IsNone)
            return;
        switch (message)
        {
            case GossipMessage.Offer offer:
                effects.Add(new GossipEffect.Send(from, Compare(offer)));
                break;
            case GossipMessage.Exchange exchange:
                OnRequestAnswered(from, now, effects);
                Merge(exchange.Newer, now, effects);
                var wanted = exchange.Wanted.Select(Find).OfType<Heartbeat>();
                effects.Add(new GossipEffect.Send(from, new GossipMessage.Rest(Cluster, [.. wanted])));
                break;
            case GossipMessage.Rest rest:
                Merge(rest.Newer, now, effects);
                break;
        }
    }

    /// <summary>A real request to a peer was answered.</summary>
    public void OnRequestAnswered(NodeId peer, TimeSpan now, List<GossipEffect> effects)
    {
        if (!_peers.TryGetValue(peer, out var known))
            return;
        known.Breaker.OnSuccess(now);
        if (!_reachability.IsReachable(peer))
            Judge(now, effects);
    }

    /// <summary>A real request to a peer was not answered, or could not be sent.</summary>
    public void OnRequestFailed(NodeId peer, TimeSpan now, List<GossipEffect> effects)
    {
        if (!_peers.TryGetValue(peer, out var known))
            return;
        known.Breaker.OnFailure(now);
        if (!known.Breaker.Allows(now) && _reachability.IsReachable(peer))
            Judge(now, effects);
    }

    /// <summary>
    /// The connection to a peer broke, or none could be made: what is sent to it now does not arrive. Out of reach at once, until its
    /// breaker lets a trial through or it answers.
    /// </summary>
    public void OnConnectionLost(NodeId peer, TimeSpan now, List<GossipEffect> effects)
    {
        if (!_peers.TryGetValue(peer, out var known))
            return;
        known.Breaker.Trip(now);
        if (_reachability.IsReachable(peer))
            Judge(now, effects);
    }

    /// <summary>The suspicion of a peer now, for people to look at.</summary>
    public double Phi(NodeId peer, TimeSpan now) => _peers.TryGetValue(peer, out var known) ? known.Detector.Phi(now) : 0;

    private void Judge(TimeSpan now, List<GossipEffect> effects)
    {
        var unreachable = ImmutableHashSet.CreateBuilder<NodeId>();
        foreach (var (node, peer) in _peers)
        {
            if (IsSilent(peer, now) || !peer.Breaker.Allows(now))
                unreachable.Add(node);
        }

        if (unreachable.SetEquals(_reachability.Unreachable))
            return;
        _reachability = new Reachability(_reachability.Version + 1, unreachable.ToImmutable());
        effects.Add(new GossipEffect.ReachabilityChanged(_reachability));
    }

    /// <summary>A peer never heard of gets the time that gossip may need to reach this node first.</summary>
    private bool IsSilent(Peer peer, TimeSpan now) =>
        peer.Heard is null
            ? now - peer.Since > 5 * _options.Interval + _options.AcceptablePause
            : peer.Detector.Phi(now) >= _options.PhiThreshold;

    private GossipMessage.Exchange Compare(GossipMessage.Offer offer)
    {
        var newer = ImmutableArray.CreateBuilder<Heartbeat>();
        var wanted = ImmutableArray.CreateBuilder<NodeId>();
        var offered = new Dictionary<NodeId, HeartbeatDigest>();
        foreach (var digest in offer.Digests)
            offered[digest.Node] = digest;
        foreach (var heard in Heartbeats)
        {
            if (!offered.TryGetValue(heard.Node, out var digest) || heard.Digest.IsNewerThan(digest))
                newer.Add(heard);
        }

        foreach (var digest in offer.Digests)
        {
            if (_peers.TryGetValue(digest.Node, out var peer) && (peer.Heard is null || digest.IsNewerThan(peer.Heard.Digest)))
                wanted.Add(digest.Node);
        }

        return new GossipMessage.Exchange(Cluster, newer.DrainToImmutable(), wanted.DrainToImmutable());
    }

    private void Merge(ImmutableArray<Heartbeat> heard, TimeSpan now, List<GossipEffect> effects)
    {
        var recovered = false;
        foreach (var beat in heard)
        {
            if (!_peers.TryGetValue(beat.Node, out var peer))
                continue;
            if (peer.Heard is not null && !beat.Digest.IsNewerThan(peer.Heard.Digest))
                continue;
            if (peer.Heard is null || beat.Start > peer.Heard.Start)
            {
                peer.Detector = new PhiDetector(_options);
                effects.Add(new GossipEffect.PeerStarted(beat.Node, beat.Start, beat.Address));
            }

            if (beat.Epoch > _own.Epoch)
                effects.Add(new GossipEffect.NewerRingSeen(beat.Node, beat.Epoch));
            peer.Heard = beat;
            peer.Detector.OnBeat(now);
            recovered |= !_reachability.IsReachable(beat.Node);
        }

        if (recovered)
            Judge(now, effects);
    }

    private Heartbeat? Find(NodeId node) =>
        node == _own.Node ? _own : _peers.TryGetValue(node, out var peer) ? peer.Heard : null;

    /// <summary>A few distinct peers, suspects among them: only talking to them shows that they are back.</summary>
    private IEnumerable<NodeId> Choose(ulong random)
    {
        var candidates = _peers.Keys.ToList();
        for (var chosen = 0; chosen < _options.Fanout && candidates.Count > 0; chosen++)
        {
            var index = (int)(random % (ulong)candidates.Count);
            random = random / (ulong)candidates.Count * 6364136223846793005UL + 1442695040888963407UL;
            yield return candidates[index];
            candidates.RemoveAt(index);
        }
    }

    private sealed class Peer(PhiDetector detector, PeerBreaker breaker, TimeSpan since)
    {
        public PhiDetector Detector { get; set; } = detector;

        public PeerBreaker Breaker { get; } = breaker;

        public TimeSpan Since { get; } = since;

        public Heartbeat? Heard { get; set; }
    }
}
