using System.Text;
using KvStore.Core.Identity;
using KvStore.Core.Registers;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.Registers;

public sealed class RegisterOperationSpec
{
    private readonly Dictionary<NodeId, AcceptorState<RegisterValue>> _acceptors = new[] { A, B, C }
        .ToDictionary(node => node, _ => AcceptorState<RegisterValue>.Empty);

    [Fact]
    public void A_change_that_another_has_carried_through_and_changed_again_is_told_as_it_was()
    {
        var slow = Operation(A, new RegisterCommand.CompareAndSet(new RegisterExpectation.HasVersion(0), Bytes("slow")), request: 1);
        var effects = Started(slow);
        var accepts = Prepared(slow, effects);
        // One acceptor has it, and its answer is lost.
        Accept(accepts[0]);

        var fast = Operation(B, new RegisterCommand.Put(Bytes("fast")), request: 2);
        Assert.Equal(2u, Finished(fast, Started(fast)).Version);

        effects = [];
        slow.OnTimer(1, effects);
        var done = Finished(slow, effects);
        Assert.Equal(1u, done.Version);
        Assert.Equal((1u, "slow"), (done.Value.Version, Encoding.UTF8.GetString(done.Value.Data!.Value.Span)));
        Assert.False(done.Value.HasApplied(new RequestId(1, 2), out _));
    }

    [Fact]
    public void With_no_majority_in_reach_it_is_answered_at_once_and_nobody_is_asked()
    {
        var effects = Started(Operation(A, new RegisterCommand.Put(Bytes("v")), request: 1, reachable: node => node == A));
        Assert.Equal(new RegisterOutcome.NotDone(RegisterFailure.NoMajority), Assert.Single(effects.OfType<RegisterEffect.Reply>()).Outcome);
        Assert.Empty(effects.OfType<RegisterEffect.SendPrepare>());

        Assert.Empty(Started(Operation(A, new RegisterCommand.Put(Bytes("v")), request: 2, reachable: node => node != C)).OfType<RegisterEffect.Reply>());
    }

    /// <summary>It may have been chosen: later rounds find out, if the others come back in time.</summary>
    [Fact]
    public void Once_a_value_is_proposed_it_goes_on_though_no_majority_can_be_reached_any_more()
    {
        var isAlone = false;
        var operation = Operation(A, new RegisterCommand.Put(Bytes("v")), request: 1, reachable: node => node == A || !isAlone);
        Prepared(operation, Started(operation));
        isAlone = true;
        var effects = new List<RegisterEffect>();
        operation.OnTimer(1, effects);
        Assert.Empty(effects.OfType<RegisterEffect.Reply>());
        isAlone = false;
        Assert.Equal(1u, Finished(operation, effects).Version);
    }

    [Fact]
    public void Busy_acceptors_are_asked_again_after_a_short_pause_in_a_new_round()
    {
        var operation = Operation(A, new RegisterCommand.Put(Bytes("v")), request: 1);
        Started(operation);
        var effects = new List<RegisterEffect>();
        operation.OnBusy(A, random: 0, effects);
        Assert.Empty(effects);
        operation.OnBusy(B, random: 0, effects);
        var pause = Assert.IsType<RegisterEffect.StartTimer>(Assert.Single(effects));
        Assert.True(pause.Delay < new RegisterOptions().RoundTimeout);
        operation.OnBusy(C, random: 0, effects);
        Assert.Single(effects);

        effects.Clear();
        operation.OnTimer(pause.Number, effects);
        Assert.Equal(1u, Finished(operation, effects).Version);
    }

    [Fact]
    public void What_busy_acceptors_kept_from_being_proposed_is_not_done_and_what_was_proposed_is_unknown()
    {
        var operation = Operation(A, new RegisterCommand.Put(Bytes("v")), request: 1);
        Started(operation);
        Assert.Equal(new RegisterOutcome.NotDone(RegisterFailure.NoMajority), BusyToTheEnd(operation));

        operation = Operation(A, new RegisterCommand.Put(Bytes("v")), request: 2);
        Prepared(operation, Started(operation));
        Assert.Equal(new RegisterOutcome.Unknown(RegisterFailure.NoMajority), BusyToTheEnd(operation));
    }

    /// <summary>Every acceptor refuses what it was asked last; then the operation's time is over.</summary>
    private static RegisterOutcome BusyToTheEnd(RegisterOperation operation)
    {
        var effects = new List<RegisterEffect>();
        foreach (var node in new[] { A, B, C }) operation.OnBusy(node, random: 0, effects);
        Assert.Empty(effects.OfType<RegisterEffect.Reply>());
        operation.OnTimer(0, effects);
        return Assert.Single(effects.OfType<RegisterEffect.Reply>()).Outcome;
    }

    private static RegisterOperation Operation(NodeId node, RegisterCommand command, ulong request, Func<NodeId, bool>? reachable = null) => new(
        Settled(), command, new RequestId(1, request), TimeSpan.FromSeconds(5), new BallotSource(node, start: 1), new RegisterOptions())
    {
        IsReachable = reachable ?? (_ => true),
    };

    private static List<RegisterEffect> Started(RegisterOperation operation)
    {
        var effects = new List<RegisterEffect>();
        operation.Start(TimeSpan.Zero, effects);
        return effects;
    }

    /// <summary>Delivers the first phase to every acceptor; returns what the second asks for, or the answer.</summary>
    private List<RegisterEffect> Prepared(RegisterOperation operation, List<RegisterEffect> effects)
    {
        var then = new List<RegisterEffect>();
        foreach (var prepare in effects.OfType<RegisterEffect.SendPrepare>())
        {
            var reply = _acceptors[prepare.To].OnPrepare(prepare.Ballot, out var next);
            _acceptors[prepare.To] = next;
            operation.OnReply(prepare.To, reply, random: 0, then);
        }
        return then;
    }

    /// <summary>Runs both phases, with nothing lost.</summary>
    private RegisterOutcome.Done Finished(RegisterOperation operation, List<RegisterEffect> effects)
    {
        var then = Prepared(operation, effects);
        foreach (var accept in then.OfType<RegisterEffect.SendAccept>().ToList())
            operation.OnReply(accept.To, Accept(accept), random: 0, then);
        return Assert.IsType<RegisterOutcome.Done>(then.OfType<RegisterEffect.Reply>().Single().Outcome);
    }

    private AcceptorReply<RegisterValue> Accept(RegisterEffect effect)
    {
        var accept = (RegisterEffect.SendAccept)effect;
        var reply = _acceptors[accept.To].OnAccept(accept.Ballot, accept.Value, out var next);
        _acceptors[accept.To] = next;
        return reply;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
