using KvStore.Core.Causality;
using KvStore.Core.Deletes;
using KvStore.Core.Identity;
using KvStore.Core.Replication;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// A stand-in hands over what it minted before it drops anything: one round at a time, and the drops wait until nothing is left to
/// hand over.
/// </summary>
internal sealed class SimRetirement(SimNode node)
{
    private readonly List<Action> _waiting = [];
    private bool _isUnderWay;

    /// <summary>Something that is to go is held until an owner vouches for what was minted here.</summary>
    public bool IsWaiting => _waiting.Count > 0;

    /// <summary>Does something that drops a copy, after a round if there is anything to hand over.</summary>
    public void Before(Action drop)
    {
        _waiting.Add(drop);
        Try();
    }

    /// <summary>Begins a round if drops wait for one; a failed one is tried again the next time.</summary>
    public void Try()
    {
        if (_isUnderWay || _waiting.Count == 0)
            return;
        if (node.Replica!.IsRetired || node.Replica.Role == ReplicaRole.Primary)
        {
            Finish();
            return;
        }

        if (node.Replica.ToRetire.IsEmpty)
            return; // it is on its way to the disk

        var owners = node.List.Primaries.Where(owner => node.World.CanReach(node.Id, owner)).ToArray();
        if (owners.Length == 0)
            return;
        _isUnderWay = true;
        var round = new RetireRound(node.List.Epoch, owners[node.World.Random.Next(owners.Length)], node.Replica.ToRetire)
        {
            Bugs = node.World.Options.Bugs,
        };
        Run(round, round.Start);
        node.Later(TimeSpan.FromSeconds(5), () => Run(round, round.OnFailed));
    }

    private void Run(RetireRound round, Action<List<RetireEffect>> told)
    {
        var effects = new List<RetireEffect>();
        told(effects);
        foreach (var effect in effects)
            Perform(round, effect);
    }

    private void Perform(RetireRound round, RetireEffect effect)
    {
        node.World.Trace(node.Id, () => $"retire: {effect}");
        switch (effect)
        {
            case RetireEffect.Ask ask:
                node.Ask<(Incarnation Under, VersionVector Seen)>(
                    ask.Owner,
                    (there, answer) => there.AskSeen(ask.Epoch, answer),
                    there => Run(round, then => round.OnSeen(there.Under, there.Seen, then)));
                break;
            case RetireEffect.ListKeys:
                var keys = node.Disk.States.Where(entry => round.Needs(entry.Value)).Select(entry => entry.Key).ToArray();
                Run(round, then => round.OnListed(keys, then));
                break;
            case RetireEffect.Push push:
                var state = node.Disk.States.GetValueOrDefault(push.Key);
                if (state is null)
                    break;
                node.Ask<bool>(
                    push.Owner,
                    (there, answer) => there.Merge(push.Epoch, push.Key, state, null, (_, held) => answer(held is not null)),
                    stored => Run(round, then => Answered(round, push.Key, stored, then)));
                break;
            case RetireEffect.Adopt adopt:
                node.Ask<bool>(
                    adopt.Owner,
                    (there, answer) => answer(there.TryAdopt(adopt)),
                    adopted => Run(round, adopted ? round.OnAdopted : round.OnFailed));
                break;
            case RetireEffect.Retired retired:
                node.Replica!.OnRetired(retired.Origins);
                break;
            case RetireEffect.End end:
                _isUnderWay = false;
                if (end.IsRetired)
                    Try(); // something may have been minted meanwhile
                break;
        }
    }

    private static void Answered(RetireRound round, BucketKey key, bool stored, List<RetireEffect> then)
    {
        if (stored)
            round.OnStored(key, then);
        else
            round.OnFailed(then);
    }

    private void Finish()
    {
        var drops = _waiting.ToArray();
        _waiting.Clear();
        foreach (var drop in drops)
            drop();
    }
}
