using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Event;

namespace Akka.Cluster.Daemons;

/// <summary>Becoming a member, and letting others become members.</summary>
internal sealed partial class MembershipDaemon
{
    /// <summary>How often the first seed node asks the others before it decides that there is no cluster.</summary>
    private static readonly TimeSpan FirstSeedAsksEvery = TimeSpan.FromSeconds(1);

    private SeedSearch? _search;
    private ImmutableList<Address>? _seeds;
    private TimeSpan _searchBegan;
    private Address? _joiningBy;

    private void OnJoinTo(Address address)
    {
        if (IsMember)
        {
            Info("join by {0} is ignored: this node is a member already", address);
            return;
        }
        StopJoining();
        if (CanBeJoined(address))
            JoinBy(address);
    }

    private void OnJoinSeeds(ImmutableList<Address> seeds)
    {
        if (IsMember)
        {
            Info("join by seed nodes is ignored: this node is a member already");
            return;
        }
        StopJoining();
        if (!seeds.IsEmpty)
            SearchSeeds(seeds);
    }

    private void StopJoining()
    {
        Timers.CancelAll();
        (_search, _seeds, _joiningBy) = (null, null, null);
    }

    private void SearchSeeds(ImmutableList<Address> seeds)
    {
        if (_seeds is null && _settings.ShutdownAfterUnsuccessfulJoinSeedNodes is { } limit)
            Timers.StartSingleTimer(ClusterTick.SeedSearchOver, ClusterTick.SeedSearchOver, limit);
        (_seeds, _joiningBy) = (seeds, null);
        _search = new SeedSearch(seeds, Id.Address);
        _searchBegan = _clock.Monotonic;
        if (_search.IsFirst && _search.NobodyIsLeft)
        {
            FormCluster();
            return;
        }
        var again = _search.IsFirst && FirstSeedAsksEvery < _settings.SeedNodeTimeout ? FirstSeedAsksEvery : _settings.SeedNodeTimeout;
        Timers.StartPeriodicTimer(ClusterTick.SeedSearch, ClusterTick.SeedSearch, again);
        SendInitJoins();
    }

    private void AskSeeds()
    {
        if (_search is null)
            return;
        if (_search.IsFirst && _clock.Monotonic - _searchBegan >= _settings.SeedNodeTimeout)
        {
            FormCluster();
            return;
        }
        if (!_search.IsFirst)
            Info("no seed node has answered yet; asking [{0}] again", string.Join(", ", _search.ToAsk));
        SendInitJoins();
    }

    private void SendInitJoins()
    {
        foreach (var seed in _search!.ToAsk)
            Peer(seed).Tell(InitJoin.Instance, Self);
    }

    private void AnswerInitJoin()
    {
        if (_state.SelfMember is { } self && !StatusRules.IsGoing(self.Status))
            Sender.Tell(new InitJoinAck(Id.Address), Self);
        else
            Sender.Tell(new InitJoinNack(Id.Address), Self);
    }

    private void OnInitJoinAck(Address seed)
    {
        if (_search is null)
            return;
        Timers.Cancel(ClusterTick.SeedSearch);
        _search = null;
        JoinBy(seed);
    }

    private void OnInitJoinNack(Address seed)
    {
        if (_search is null)
            return;
        _search.Refused(seed);
        if (_search.IsFirst && _search.NobodyIsLeft)
            FormCluster();
    }

    private void OnSeedSearchOver()
    {
        if (!IsMember)
            _cluster.OnJoinUnsuccessful();
    }

    /// <summary>This node is a cluster of its own, which others may join.</summary>
    private void FormCluster()
    {
        StopJoining();
        Info("forms a new cluster");
        Update(Gossip.Empty.With(NewMember(new Join(Id, _settings.Roles, _settings.AppVersion))));
        LeaderRound();
    }

    private void JoinBy(Address address)
    {
        if (address.Equals(Id.Address))
        {
            FormCluster();
            return;
        }
        _joiningBy = address;
        if (_settings.RetryUnsuccessfulJoinAfter is { } retry)
            Timers.StartSingleTimer(ClusterTick.JoinRetry, ClusterTick.JoinRetry, retry);
        Peer(address).Tell(new Join(Id, _settings.Roles, _settings.AppVersion), Self);
    }

    private void RetryJoin()
    {
        if (IsMember || _joiningBy is not { } address)
            return;
        Info("joining by {0} has not succeeded yet and is tried again", address);
        if (_seeds is { } seeds)
            SearchSeeds(seeds);
        else
            JoinBy(address);
    }

    private void OnWelcome(Welcome welcome)
    {
        if (IsMember || _joiningBy is null || !_joiningBy.Equals(welcome.From.Address) || !welcome.Gossip.Has(Id))
            return;
        StopJoining();
        Info("welcomed by {0}", welcome.From.Address);
        Update(welcome.Gossip);
        SendGossip(welcome.From);
    }

    private void OnJoin(Join join)
    {
        var address = join.Node.Address;
        if (_state.SelfMember is not { } self || StatusRules.IsGoing(self.Status) || !CanBeJoined(address) || join.Node == Id)
            return;
        var known = MemberAt(address);
        if (known is not null && known.UniqueAddress != join.Node && (_cluster.Bugs & ClusterBugs.TwoOfOneAddress) == 0)
        {
            Supersede(known);
        }
        else if (known is not null && known.UniqueAddress == join.Node)
        {
            if (known.Status != MemberStatus.Down)
                Peer(address).Tell(new Welcome(Id, _state.Gossip), Self);
        }
        else if (!_state.Gossip.Tombstones.ContainsKey(join.Node))
        {
            _cluster.FailureDetector.Remove(address);
            Update(_state.Gossip.With(NewMember(join)));
            Peer(address).Tell(new Welcome(Id, _state.Gossip), Self);
            SendRound();
        }
    }

    /// <summary>
    /// A new incarnation asks in where an old one is a member still: the old one is gone, then. It is downed; the new one asks again
    /// and is let in once that is removed.
    /// </summary>
    private void Supersede(Member old)
    {
        var gossip = _state.Gossip;
        if (old.Status != MemberStatus.Down)
        {
            Info("a new incarnation of {0} joins: the old one is downed, and removed before the new one is let in", old.Address);
            gossip = gossip.With(old.Copy(MemberStatus.Down));
        }
        var reachability = gossip.Reachability.Set(Id, old.UniqueAddress, Contact.Ended);
        if (ReferenceEquals(gossip, _state.Gossip) && ReferenceEquals(reachability, gossip.Reachability))
            return;
        Update(gossip.With(reachability));
        SendRound();
    }

    private bool CanBeJoined(Address address)
    {
        if (address.Protocol == Id.Address.Protocol && address.System == Id.Address.System && address.HasGlobalScope)
            return true;
        _log.Warning("{0} and {1} cannot be of one cluster: protocol and system name must be the same. Nothing was changed.",
            address, Id.Address);
        return false;
    }

    private static Member NewMember(Join join) =>
        new(join.Node, Member.NotYetUp, MemberStatus.Joining, join.Roles, join.AppVersion);
}
