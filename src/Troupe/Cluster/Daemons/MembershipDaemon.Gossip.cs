using Akka.Cluster.Membership;
using Akka.Cluster.Serialization;
using Akka.Event;

namespace Akka.Cluster.Daemons;

/// <summary>
/// Gossip, push and pull: whoever has not seen the newest state is sent it whole; whoever has is sent its digest. An answer comes
/// only when it tells something new, so a cluster in which all agree exchanges one small message a node and interval.
/// </summary>
internal sealed partial class MembershipDaemon
{
    private void GossipRound()
    {
        SendRound();
        if (_state.Gossip.Seen.Count * 2 >= _state.Gossip.Members.Count)
            return;
        // A change has just begun to spread: three rounds instead of one.
        Timers.StartSingleTimer((ClusterTick.GossipFaster, 1), ClusterTick.GossipFaster, _settings.GossipInterval / 3);
        Timers.StartSingleTimer((ClusterTick.GossipFaster, 2), ClusterTick.GossipFaster, _settings.GossipInterval * 2 / 3);
    }

    private void SendRound()
    {
        var target = GossipTargets.Pick(_state, _settings.GossipDifferentViewProbability,
            _settings.ReduceGossipDifferentViewProbability, _entropy);
        if (target is null)
            return;
        if (_state.Gossip.Seen.Contains(target))
            SendStatus(target);
        else
            SendGossip(target);
    }

    private void OnStatus(GossipStatus status)
    {
        var gossip = _state.Gossip;
        if (!IsMember || !gossip.Has(status.From))
            return;
        if (status.Digest != gossip.Digest)
        {
            SendGossip(status.From);
            return;
        }
        var theirs = GossipCodec.SeenOf(gossip, status.Seen).Add(status.From);
        var all = gossip.Seen.Union(theirs);
        if (all.Count > gossip.Seen.Count)
            Update(gossip.WithSeen(all));
        if (all.Count > theirs.Count)
            SendStatus(status.From);
    }

    private void OnGossip(GossipEnvelope envelope)
    {
        var theirs = envelope.Gossip;
        if (!IsMember || envelope.ToUid != Id.Uid || _state.Gossip.Tombstones.ContainsKey(envelope.From))
            return;
        if (_clock.Monotonic - envelope.ArrivedAt > _settings.GossipTimeToLive)
            return;
        if (!theirs.Has(Id) && !theirs.Tombstones.ContainsKey(Id))
            return;
        if (_settings.VerboseGossipReceivedLogging)
            _log.Debug("Cluster node [{0}]: {1} from {2}", Id.Address, theirs, envelope.From.Address);
        var merged = _state.Gossip.Merge(theirs, _cluster.Bugs);
        if (merged.Digest != _state.Gossip.Digest || merged.Seen.Count > _state.Gossip.Seen.Count)
            Update(merged.Prune(_clock.UtcNow));
        if (!IsMember || !_state.Gossip.Has(envelope.From))
            return;
        if (_state.Gossip.Digest != theirs.Digest)
        {
            if (!envelope.IsAnswer)
                SendGossip(envelope.From, isAnswer: true);
        }
        else if (_state.Gossip.Seen.Count > theirs.Seen.Count)
            SendStatus(envelope.From);
    }

    private void SendGossip(UniqueAddress to, bool isAnswer = false) =>
        Peer(to.Address).Tell(new GossipEnvelope(Id, to.Uid, isAnswer, _state.Gossip, TimeSpan.Zero), Self);

    private void SendStatus(UniqueAddress to) =>
        Peer(to.Address).Tell(new GossipStatus(Id, _state.Gossip.Digest, GossipCodec.SeenBits(_state.Gossip)), Self);

    /// <summary>This node will soon say nothing more: some others should know the newest state by then.</summary>
    private void TellHeralds()
    {
        foreach (var node in FirstPeers(Heralds))
            SendGossip(node);
    }

    /// <summary>The members that lead, or would lead next, among them.</summary>
    private IEnumerable<UniqueAddress> FirstPeers(int count) => _state.Members
        .Where(member => member.UniqueAddress != Id && _state.IsReachable(member.UniqueAddress))
        .OrderByDescending(member => StatusRules.TakesPart(member.Status))
        .ThenBy(member => member.UniqueAddress)
        .Select(member => member.UniqueAddress)
        .Take(count);
}
