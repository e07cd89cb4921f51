using System.Diagnostics;
using Akka.Actor;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Deletes;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Node.Disk;
using KvStore.Node.Settings;
using KvStore.Wire;

namespace KvStore.Node.AntiEntropy;

/// <summary>
/// How one replica forgets deleted keys: remembers which it has stored, proposes to the other owners those that lie below its watermarks, and
/// says which of theirs it may forget. Carries out what <see cref="ReapRound"/> says. Owner: the replica's actor; its thread.
/// <para>Invariants: (1) at most <see cref="MaxRemembered"/> keys are remembered; the storage is looked through for the others, at the start
/// and once in <see cref="LookEvery"/>, which finds those that expired as well; (2) one round at a time; (3) a round that storage takes with
/// it when it starts again has ended.</para>
/// </summary>
internal sealed class ReplicaReaping(IReplicaHost host, AntiEntropySettings settings)
{
    private const int MaxRemembered = 10_000;
    private const int MaxProposed = 1_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(24);

    private readonly HashSet<BucketKey> _deleted = [];
    private TimeSpan? _lookedAt;
    private ReapRound? _round;
    private bool _isLooking;
    private long _looks;
    private IActorRef _replyTo = ActorRefs.Nobody;

    /// <summary>The replica stores this.</summary>
    public void OnStored(BucketKey key, SiblingSet set)
    {
        if (set.IsEmpty || !set.IsDeadAt(host.Now.WallMilliseconds)) _deleted.Remove(key);
        else if (_deleted.Count < MaxRemembered) _deleted.Add(new BucketKey(key.Bucket, Key.Create(key.Key.Span.ToArray())));
        else _lookedAt = null;
    }

    /// <summary>Begins a round; <see cref="Ended"/> follows.</summary>
    public void Begin(Start start)
    {
        if (_round is not null)
        {
            start.ReplyTo.Tell(new Ended(host.Partition, 0, _deleted.Count));
            return;
        }
        _replyTo = start.ReplyTo;
        if (_lookedAt is { } looked && host.Now.Now - looked < LookEvery)
        {
            Choose();
            return;
        }
        _lookedAt = host.Now.Now;
        _isLooking = true;
        var look = ++_looks;
        host.List(ListingWanted.Dead(host.Now.WallMilliseconds, MaxRemembered), entries =>
        {
            if (look != _looks) return;
            _isLooking = false;
            foreach (var entry in entries) _deleted.Add(entry.Key);
            Choose();
        });
    }

    /// <summary>Storage has started again: what it was to list will not come, and is asked for in the next round.</summary>
    public void OnStorageLost()
    {
        if (!_isLooking) return;
        (_isLooking, _lookedAt) = (false, null);
        End(reaped: 0);
    }

    /// <summary>The replica goes, and its round with it.</summary>
    public void OnStopped() => End(reaped: 0);

    /// <summary>An owner asks which of these it may forget for all this replica knows.</summary>
    public void OnAsked(ReplicaProtocol.AskReap ask, IActorRef asker) =>
        Judge(ask.Keys.Select(entry => entry.Key).ToList(), judged =>
        {
            var agreed = ask.Keys.Where(entry => judged.GetValueOrDefault(entry.Key) == entry.Hash).Select(entry => entry.Key);
            asker.Tell(new ReplicaProtocol.ReapAgreed(host.Self, host.Partition, [.. agreed]));
        });

    /// <summary>All owners agreed.</summary>
    public void OnCommitted(ReplicaProtocol.CommitReap commit) => Reap(commit.Epoch, commit.Keys);

    public void OnAgreed(ReplicaProtocol.ReapAgreed agreed) => Run(effects => _round!.OnAgreed(agreed.Node, agreed.Keys, effects));

    /// <summary>An owner refused, or could not be asked.</summary>
    public void OnRefused() => Run(effects => _round!.OnFailed(effects));

    private void Choose() => Judge(_deleted.Take(MaxProposed).ToList(), candidates =>
    {
        _round = new ReapRound(host.Replica.Fence, host.OtherOwners, candidates.Select(entry => new KeyHash(entry.Key, entry.Value)));
        host.StartTimer(this, settings.Timeout, OnRefused);
        Run(_round.Start);
    });

    /// <summary>Of these keys those that this replica may forget, with what it holds of each.</summary>
    private void Judge(List<BucketKey> keys, Action<Dictionary<BucketKey, ulong>> done)
    {
        var (judged, waiting) = (new Dictionary<BucketKey, ulong>(), keys.Count);
        foreach (var key in keys)
        {
            var call = host.Call(answer =>
            {
                if (answer is ReplicaEffect.Answered { Answer: { Kind: AnswerKind.Found } read } && host.Replica.CanReap(read.Set, host.Now))
                    judged.Add(key, read.Set.Hash);
                if (--waiting == 0) done(judged);
            });
            host.Replica.OnRead(call, host.Replica.Fence, key, host.Now, host.Effects);
        }
        if (keys.Count == 0) done(judged);
    }

    private void Run(Action<List<ReapEffect>> step)
    {
        if (_round is null) return;
        var effects = new List<ReapEffect>();
        step(effects);
        foreach (var effect in effects) Perform(effect);
    }

    private void Perform(ReapEffect effect)
    {
        switch (effect)
        {
            case ReapEffect.Ask ask:
                host.Send(ask.Node, new ReplicaProtocol.AskReap(ask.Epoch, host.Partition, [.. ask.Keys]));
                break;
            case ReapEffect.Reap reap:
                Reap(host.Replica.Fence, reap.Keys);
                break;
            case ReapEffect.Commit commit:
                host.Send(commit.Node, new ReplicaProtocol.CommitReap(commit.Epoch, host.Partition, [.. commit.Keys]));
                break;
            case ReapEffect.End end:
                _round = null;
                host.StopTimer(this);
                End(end.Reaped);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void End(int reaped)
    {
        if (!_replyTo.IsNobody()) _replyTo.Tell(new Ended(host.Partition, reaped, _deleted.Count));
        _replyTo = ActorRefs.Nobody;
    }

    private void Reap(RingEpoch epoch, IEnumerable<KeyHash> keys)
    {
        foreach (var (key, hash) in keys) host.Replica.OnReap(CallId.None, epoch, key, hash, host.Now, host.Effects);
    }

    /// <summary>Begin a round in this partition. Answered with <see cref="Ended"/>.</summary>
    public sealed record Start(PartitionId Partition, IActorRef ReplyTo);

    /// <summary>A round has ended: so many were agreed on, and so many deleted keys are known that may still be here.</summary>
    public sealed record Ended(PartitionId Partition, int Reaped, int Waiting);
}
