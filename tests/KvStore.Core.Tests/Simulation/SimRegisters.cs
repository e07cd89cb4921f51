using KvStore.Core.Identity;
using KvStore.Core.Registers;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// A node's part in the one strong key: its acceptor, whose state is on the disk before it answers, and the operations it proposes.
/// </summary>
internal sealed class SimRegisters(SimNode node, RingEpoch fence)
{
    private readonly RegisterReplica _acceptor = new(fence) { Bugs = node.World.Options.RingBugs };
    private readonly BallotSource _ballots = new(node.Id, node.Disk.Starts);
    private bool _isReaffirming;

    public void OnFence(RingEpoch epoch) => _acceptor.OnFence(epoch);

    /// <summary>Runs one operation from here.</summary>
    public void Propose(RegisterCommand command, RequestId request, Action<RegisterOutcome> reply, bool isRepeat = false)
    {
        var operation = new RegisterOperation(
            node.List, command, request, node.World.Now + TimeSpan.FromSeconds(5), _ballots, new RegisterOptions())
        {
            Bugs = node.World.Options.RingBugs,
            IsRepeat = isRepeat,
        };
        Carry(operation, effects => operation.Start(node.World.Now, effects), reply);
    }

    /// <summary>Writes back what is here, if anything is, to a majority of the old owners and of the new ones.</summary>
    public void Reaffirm(Action done)
    {
        if (node.Disk.Register == AcceptorState<RegisterValue>.Empty)
        {
            done();
            return;
        }

        if (_isReaffirming)
            return;
        _isReaffirming = true;
        Propose(new RegisterCommand.Reaffirm(), RequestId.None, outcome =>
        {
            _isReaffirming = false;
            if (outcome is RegisterOutcome.Done)
                done();
        });
    }

    /// <summary>A proposer's message; answered with null when its epoch is stale.</summary>
    private void OnMessage(Ballot ballot, RegisterValue? value, Action<AcceptorReply<RegisterValue>?> answer)
    {
        node.CatchUp(ballot.Epoch);
        var stored = node.Disk.Register;
        var reply = value is null
            ? _acceptor.OnPrepare(ballot.Epoch, ballot, stored, out var next)
            : _acceptor.OnAccept(ballot.Epoch, ballot, value, stored, out next);
        node.World.Trace(node.Id, () => $"register {ballot} {(value is null ? "prepare" : "accept")}: {reply}");
        node.Disk.SaveRegister(next);
        node.Later(node.World.Milliseconds(1, 10), () =>
        {
            node.SyncNow();
            answer(reply);
        });
    }

    private void Carry(RegisterOperation operation, Action<List<RegisterEffect>> told, Action<RegisterOutcome> reply)
    {
        var effects = new List<RegisterEffect>();
        told(effects);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case RegisterEffect.SendPrepare prepare:
                    Ask(operation, prepare.To, prepare.Ballot, null, reply);
                    break;
                case RegisterEffect.SendAccept accept:
                    Ask(operation, accept.To, accept.Ballot, accept.Value, reply);
                    break;
                case RegisterEffect.StartTimer timer:
                    node.Later(timer.Delay, () => Carry(operation, then => operation.OnTimer(timer.Number, then), reply));
                    break;
                case RegisterEffect.RefreshRing:
                    node.LearnRing();
                    Carry(operation, then => operation.OnPlan(node.List, then), reply);
                    break;
                case RegisterEffect.Reply answer:
                    reply(answer.Outcome);
                    break;
            }
        }
    }

    private void Ask(RegisterOperation operation, NodeId to, Ballot ballot, RegisterValue? value, Action<RegisterOutcome> reply) =>
        node.Ask<AcceptorReply<RegisterValue>?>(
            to,
            (there, answer) => there.Registers.OnMessage(ballot, value, answer),
            answered =>
            {
                Carry(
                    operation,
                    then =>
                    {
                        if (answered is null)
                            operation.OnStaleRing(to, node.World.Ring.Current.Epoch, then);
                        else
                            operation.OnReply(to, answered, (ulong)node.World.Random.NextInt64(), then);
                    },
                    reply);
            });
}
