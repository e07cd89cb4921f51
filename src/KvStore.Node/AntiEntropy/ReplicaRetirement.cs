using System.Diagnostics;
using Akka.Actor;
using KvStore.Core.Coordination;
using KvStore.Core.Deletes;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Node.Disk;
using KvStore.Node.Hints;
using KvStore.Node.Replication;
using KvStore.Node.Settings;
using KvStore.Wire;

namespace KvStore.Node.AntiEntropy;

/// <summary>
/// How a stand-in lets go of copies: before the first one it has an owner vouch for all that it minted, or the tombstones that name it
/// would stay for ever. Carries out what <see cref="RetireRound"/> says, and answers the rounds of others. Owner: the replica's actor;
/// its thread.
/// <para>Invariants: (1) one round at a time, one state on its way at a time; (2) a drop waits until a round has succeeded; beyond
/// <see cref="MaxWaiting"/>, and over a restart, it is left to whoever looks through what is left over.</para>
/// </summary>
internal sealed class ReplicaRetirement(IReplicaHost host, AntiEntropySettings settings)
{
    private const int MaxWaiting = 100_000;
    private static readonly TimeSpan PushBudget = TimeSpan.FromSeconds(5);

    private readonly Dictionary<BucketKey, (ReplicaActor.DropCopy Drop, IActorRef Hints)> _waiting = [];
    private readonly Queue<RetireEffect.Push> _pushes = new();
    private readonly object _retry = new();
    private RetireRound? _round;
    private int _rounds;
    private bool _isPushing;

    /// <summary>
    /// Lets go of a copy, now if nothing is left to hand over. Else, when that is done, <paramref name="hints"/> is told so and asks
    /// once more: it may keep something new by then.
    /// </summary>
    public void Drop(ReplicaActor.DropCopy drop, IActorRef hints)
    {
        if (host.Replica.IsRetired || host.Replica.Role == ReplicaRole.Primary) DropNow(drop, hints);
        else if (_waiting.Count < MaxWaiting)
        {
            _waiting[drop.Key] = (drop, hints);
            Try();
        }
    }

    /// <summary>A stand-in would have this replica vouch for what it minted.</summary>
    public void OnAskedSeen(ReplicaProtocol.AskSeen ask, IActorRef asker)
    {
        if (host.Replica.OnAskedSeen(ask.Epoch, host.Effects) is var (under, seen))
            asker.Tell(new ReplicaProtocol.SeenIs(host.Self, host.Partition, under, seen));
        else
            Refuse(asker);
    }

    /// <summary>It has brought everything.</summary>
    public void OnAdopt(ReplicaProtocol.AdoptOrigins adopt, IActorRef asker)
    {
        if (host.Replica.TryAdopt(adopt.Epoch, adopt.Under, adopt.Origins, host.Effects))
            host.WhenStored(() => asker.Tell(new ReplicaProtocol.OriginsAdopted(host.Self, host.Partition)));
        else
            Refuse(asker);
    }

    private void Refuse(IActorRef asker) =>
        asker.Tell(new ReplicaProtocol.ReplicaRefused(host.Self, Refusal.NotReady, host.Replica.Fence));

    /// <summary>Begins a round if drops wait for one, or lets them come again if nothing is left to hand over.</summary>
    private void Try()
    {
        if (_round is not null || _waiting.Count == 0) return;
        if (host.Replica.IsRetired || host.Replica.Role == ReplicaRole.Primary)
        {
            SayRetired();
            return;
        }
        var origins = host.Replica.ToRetire;
        var owners = host.OtherOwners.Where(host.IsLinked).ToList();
        if (origins.IsEmpty || owners.Count == 0)
        {
            TryLater(); // it is on its way to the disk, or nobody is there to take it
            return;
        }
        _round = new RetireRound(host.Replica.Fence, owners[_rounds++ % owners.Count], origins);
        host.StartTimer(this, settings.Timeout, () => Run(round => round.OnFailed));
        Run(round => round.Start);
    }

    private void TryLater() => host.StartTimer(_retry, settings.RetryAfter, Try);

    private void SayRetired()
    {
        var drops = _waiting.Values.ToArray();
        _waiting.Clear();
        foreach (var (drop, hints) in drops) hints.Tell(new HintActor.CopyRetired(drop));
    }

    private void DropNow(ReplicaActor.DropCopy drop, IActorRef hints)
    {
        var call = host.Call(_ =>
        {
            if (host.Replica.IsRetired) return;
            // Something was minted before its turn came, and the copy has stayed; if it has not, there is nothing to drop.
            _waiting[drop.Key] = (drop, hints);
            TryLater();
        });
        host.Replica.OnDrop(call, host.Replica.Fence, drop.Key, drop.Hash, ifRetired: true, host.Now, host.Effects);
    }

    private void Run(Func<RetireRound, Action<List<RetireEffect>>> step)
    {
        if (_round is not { } round) return;
        var effects = new List<RetireEffect>();
        step(round)(effects);
        foreach (var effect in effects) Perform(round, effect);
    }

    private void Perform(RetireRound round, RetireEffect effect)
    {
        switch (effect)
        {
            case RetireEffect.Ask ask:
                Ask(round, ask.Owner, new ReplicaProtocol.AskSeen(ask.Epoch, host.Partition), (answer, then) =>
                {
                    if (answer is ReplicaProtocol.SeenIs seen) round.OnSeen(seen.Under, seen.Seen, then);
                    else round.OnFailed(then);
                });
                break;
            case RetireEffect.ListKeys:
                host.List(ListingWanted.Where(round.Needs), entries =>
                    RunIf(round, then => round.OnListed(entries.Select(entry => entry.Key), then)));
                break;
            case RetireEffect.Push push:
                _pushes.Enqueue(push);
                PushNext(round);
                break;
            case RetireEffect.Adopt adopt:
                var message = new ReplicaProtocol.AdoptOrigins(adopt.Epoch, host.Partition, adopt.Owners, adopt.Origins);
                Ask(round, adopt.Owner, message, (answer, then) =>
                {
                    if (answer is ReplicaProtocol.OriginsAdopted) round.OnAdopted(then);
                    else round.OnFailed(then);
                });
                break;
            case RetireEffect.Retired retired:
                host.Replica.OnRetired(retired.Origins);
                break;
            case RetireEffect.End end:
                End(end.IsRetired);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>A key that is no more held when its turn comes was dropped with a role, which ends what there was to vouch for.</summary>
    private void PushNext(RetireRound round)
    {
        if (_isPushing || !_pushes.TryDequeue(out var push)) return;
        _isPushing = true;
        var call = host.Call(answer =>
        {
            if (_round != round) return;
            if (answer is not ReplicaEffect.Answered { Answer: { Kind: AnswerKind.Found } read })
            {
                Run(_ => round.OnFailed);
                return;
            }
            var store = new ReplicaProtocol.StoreReplica(push.Epoch, host.Partition, push.Key, read.Set, StandsFor: null, PushBudget);
            Ask(round, push.Owner, store, (stored, then) =>
            {
                _isPushing = false;
                if (stored is ReplicaProtocol.ReplicaStored) round.OnStored(push.Key, then);
                else round.OnFailed(then);
                PushNext(round);
            });
        });
        host.Replica.OnRead(call, host.Replica.Fence, push.Key, host.Now, host.Effects);
    }

    private void Ask(RetireRound round, NodeId owner, IWireMessage message, Action<object, List<RetireEffect>> answered) =>
        host.Ask(owner, message, answer => RunIf(round, then => answered(answer, then)));

    private void RunIf(RetireRound round, Action<List<RetireEffect>> step)
    {
        if (_round == round) Run(_ => step);
    }

    private void End(bool isRetired)
    {
        (_round, _isPushing) = (null, false);
        _pushes.Clear();
        host.ForgetAsked();
        host.StopTimer(this);
        if (isRetired) Try();
        else TryLater();
    }
}
