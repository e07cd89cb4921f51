using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Replication;

namespace KvStore.Core.Tests.Simulation;

/// <summary>Drives one <see cref="PutOperation"/> at its coordinator.</summary>
internal sealed class SimPut(SimNode node, BucketKey key, WriteRequest write, Quorum quorum, Action<PutOutcome> reply)
{
    private readonly List<PutEffect> _effects = [];
    private PutOperation _operation = null!;

    public void Start()
    {
        if (!node.List.IsPrimary(node.Id) && !node.List.Fallbacks.Contains(node.Id))
            return;
        var hedge = node.World.Random.Next(2) == 0 ? TimeSpan.FromMilliseconds(200) : TimeSpan.Zero;
        _operation = new PutOperation(
            node.Id, node.List, quorum, to => node.World.CanReach(node.Id, to), TimeSpan.FromSeconds(5), hedge)
        {
            Bugs = node.World.Options.Bugs,
        };
        _operation.Start(_effects);
        Perform();
    }

    private void Perform()
    {
        while (_effects.Count > 0)
        {
            var effects = _effects.ToArray();
            _effects.Clear();
            foreach (var effect in effects)
                Perform(effect);
        }
    }

    private void Perform(PutEffect effect)
    {
        switch (effect)
        {
            case PutEffect.Mint mint:
                node.Coordinate(mint.Epoch, key, write, mint.StandsFor, OnOwnReplica);
                break;
            case PutEffect.Send send:
                node.Ask<ReplicaEffect>(
                    send.Node,
                    (to, answer) => to.Merge(send.Epoch, key, send.Set, send.StandsFor, (done, _) => answer(done)),
                    answered => OnReplica(send.Node, answered));
                break;
            case PutEffect.StartTimer timer:
                node.Later(timer.After, () => Then(_operation.OnTimeout));
                break;
            case PutEffect.StartHedgeTimer timer:
                node.Later(timer.After, () => Then(_operation.OnHedge));
                break;
            case PutEffect.LeaveHint hint:
                node.LeaveNote(hint.Owner, key);
                break;
            case PutEffect.MarkDirty dirty:
                node.MarkDirty(dirty.Owner);
                break;
            case PutEffect.RefreshRing:
                node.Later(node.World.Milliseconds(5, 300), () =>
                {
                    node.LearnRing();
                    Then(effects => _operation.OnPlan(node.List, effects));
                });
                break;
            case PutEffect.Reply answer:
                reply(answer.Outcome);
                break;
        }
    }

    private void OnOwnReplica(ReplicaEffect effect)
    {
        if (effect is ReplicaEffect.Minted minted)
        {
            node.World.History.OnMinted(node, key, write.Request, minted.Dot, minted.Set);
            Then(effects => _operation.OnMinted(minted.Dot, minted.Set, effects));
        }
        else
        {
            OnReplica(node.Id, effect);
        }
    }

    private void OnReplica(NodeId from, ReplicaEffect effect)
    {
        if (effect is ReplicaEffect.Stored)
            Then(effects => _operation.OnAck(from, durable: true, effects));
        else if (effect is ReplicaEffect.Refused refused)
            Then(effects => _operation.OnRefused(from, refused.Refusal, refused.Fence, effects));
    }

    private void Then(Action<List<PutEffect>> told)
    {
        told(_effects);
        Perform();
    }
}

/// <summary>Drives one <see cref="GetOperation"/> at its coordinator.</summary>
internal sealed class SimGet(SimNode node, BucketKey key, Quorum quorum, bool monotonic, Action<GetOutcome> reply)
{
    private readonly List<GetEffect> _effects = [];
    private GetOperation _operation = null!;

    public void Start()
    {
        var options = new ReadOptions
        {
            Deadline = TimeSpan.FromSeconds(5),
            Monotonic = monotonic,
            Nearest = node.World.Random.Next(2) == 0 ? node.Id : null,
            AskFirst = node.World.Random.Next(3) == 0 ? 2 : int.MaxValue,
            HedgeAfter = TimeSpan.FromMilliseconds(200),
            ReplaceAfter = TimeSpan.FromSeconds(1),
        };
        _operation = new GetOperation(node.List, quorum, to => node.World.CanReach(node.Id, to), options);
        Then(_operation.Start);
    }

    private void Perform(GetEffect effect)
    {
        switch (effect)
        {
            case GetEffect.Ask ask:
                node.Ask<ReplicaEffect>(ask.Node, (to, answer) => to.Read(ask.Epoch, key, answer), answered => OnReplica(ask.Node, answered));
                break;
            case GetEffect.Repair repair:
                node.Ask<ReplicaEffect>(
                    repair.Node,
                    (to, answer) => to.Merge(repair.Epoch, key, repair.Set, null, (done, _) => answer(done)),
                    answered => OnReplica(repair.Node, answered));
                break;
            case GetEffect.StartTimer timer:
                node.Later(timer.After, () => Then(_operation.OnTimeout));
                break;
            case GetEffect.StartHedgeTimer timer:
                node.Later(timer.After, () => Then(_operation.OnHedge));
                break;
            case GetEffect.RefreshRing:
                node.Later(node.World.Milliseconds(5, 300), () =>
                {
                    node.LearnRing();
                    Then(effects => _operation.OnPlan(node.List, effects));
                });
                break;
            case GetEffect.Reply answer:
                reply(answer.Outcome);
                break;
        }
    }

    private void OnReplica(NodeId from, ReplicaEffect effect)
    {
        if (effect is ReplicaEffect.Answered answered)
            Then(effects => _operation.OnAnswer(from, answered.Answer, effects));
        else if (effect is ReplicaEffect.Stored)
            Then(effects => _operation.OnRepaired(from, effects));
        else if (effect is ReplicaEffect.Refused refused)
            Then(effects => _operation.OnRefused(from, refused.Refusal, refused.Fence, effects));
    }

    private void Then(Action<List<GetEffect>> told)
    {
        told(_effects);
        while (_effects.Count > 0)
        {
            var effects = _effects.ToArray();
            _effects.Clear();
            foreach (var effect in effects)
                Perform(effect);
        }
    }
}
