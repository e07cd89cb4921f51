using System.Text;
using KvStore.Core.Identity;
using KvStore.Core.Registers;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.Registers;

public sealed class RegisterOperationSpec
{
    private readonly Dictionary<NodeId, AcceptorState<RegisterValue>> _acceptors = new[] { A, B, C }
        .ToDictionary(node => node, _ => AcceptorState<RegisterValue>.Empty);

    /// <summary>Whoever begins a round later has the higher ballot.</summary>
    private readonly BallotSource _ballots = new(A, start: 1);

    [Fact]
    public void A_change_that_another_has_carried_through_and_changed_again_is_told_as_it_was()
    {
        var slow = Operation(new RegisterCommand.CompareAndSet(new RegisterExpectation.HasVersion(0), Bytes("slow")), request: 1);
        var effects = Started(slow);
        var accepts = Prepared(slow, effects);
        // One acceptor has it, and its answer is lost.
        Accept(accepts[0]);

        var fast = Operation(new RegisterCommand.Put(Bytes("fast")), request: 2);
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
        var effects = Started(Operation(new RegisterCommand.Put(Bytes("v")), request: 1, reachable: node => node == A));
        Assert.Equal(new RegisterOutcome.NotDone(RegisterFailure.NoMajority), Assert.Single(effects.OfType<RegisterEffect.Reply>()).Outcome);
        Assert.Empty(effects.OfType<RegisterEffect.SendPrepare>());

        Assert.Empty(Started(Operation(new RegisterCommand.Put(Bytes("v")), request: 2, reachable: node => node != C)).OfType<RegisterEffect.Reply>());
    }

    /// <summary>It may have been chosen: later rounds find out, if the others come back in time.</summary>
    [Fact]
    public void Once_a_value_is_proposed_it_goes_on_though_no_majority_can_be_reached_any_more()
    {
        var isAlone = false;
        var operation = Operation(new RegisterCommand.Put(Bytes("v")), request: 1, reachable: node => node == A || !isAlone);
        Prepared(operation, Started(operation));
        isAlone = true;
        var effects = new List<RegisterEffect>();
        operation.OnTimer(1, effects);
        Assert.Empty(effects.OfType<RegisterEffect.Reply>());
        isAlone = false;
        Assert.Equal(1u, Finished(operation, effects).Version);
    }

    /// <summary>Nobody fences an epoch that changes a bucket, or moves another partition: nobody calls its predecessor stale.</summary>
    [Fact]
    public void What_a_ballot_of_a_newer_ring_rejects_goes_on_with_that_ring()
    {
        var rival = new RegisterOperation(
            Settled(epoch: 2), new RegisterCommand.Put(Bytes("theirs")), new RequestId(1, 1), TimeSpan.FromSeconds(5), _ballots, new RegisterOptions());
        Assert.Equal(1u, Done(rival).Version);

        var operation = Operation(new RegisterCommand.Put(Bytes("mine")), request: 2);
        var started = Started(operation);
        // One that rejects is enough: the others may be away, and then the round is not even lost.
        Assert.Equal(new RegisterEffect.RefreshRing(A, new RingEpoch(1, 2)), Assert.Single(Prepared(operation, started, A)));
        Assert.Empty(Prepared(operation, started, B).OfType<RegisterEffect.RefreshRing>());

        var effects = new List<RegisterEffect>();
        operation.OnPlan(Settled(epoch: 2), effects);
        Assert.Equal(2u, Finished(operation, effects).Version);
    }

    [Fact]
    public void A_repetition_makes_its_change_only_where_the_register_remembers_far_enough_back()
    {
        var put = new RegisterCommand.Put(Bytes("mine"));
        Assert.Equal(1u, Done(Operation(put, request: 1)).Version);
        Assert.Equal(2u, Done(Operation(put, request: 2, isRepeat: true)).Version);
        for (var i = 3u; i <= RegisterValue.MaxRecent; i++) Done(Operation(new RegisterCommand.Put(Bytes("later")), request: i));
        Assert.Equal(1u, Done(Operation(put, request: 1, isRepeat: true)).Version);
        Done(Operation(new RegisterCommand.Put(Bytes("later")), request: RegisterValue.MaxRecent + 1));

        var repeated = Operation(put, request: 1, isRepeat: true);
        Assert.Equal(new RegisterOutcome.Unknown(RegisterFailure.TooManyChangesSince), Outcome(repeated, Started(repeated)));

        // Nobody has changed it since: then this request has not, either.
        var swap = Swap(new RegisterExpectation.HasVersion(RegisterValue.MaxRecent + 1), "mine");
        Assert.Equal(RegisterValue.MaxRecent + 2u, Done(Operation(swap, request: 100, isRepeat: true)).Version);
    }

    [Fact]
    public void Of_a_repetition_nobody_says_that_it_is_not_done()
    {
        var put = Operation(new RegisterCommand.Put(Bytes("v")), request: 1, reachable: node => node == A, isRepeat: true);
        Assert.Equal(
            new RegisterOutcome.Unknown(RegisterFailure.NoMajority), Assert.Single(Started(put).OfType<RegisterEffect.Reply>()).Outcome);
        var get = Operation(new RegisterCommand.Get(), request: 2, reachable: node => node == A, isRepeat: true);
        Assert.Equal(
            new RegisterOutcome.NotDone(RegisterFailure.NoMajority), Assert.Single(Started(get).OfType<RegisterEffect.Reply>()).Outcome);
    }

    /// <summary>An acceptor may hold what the attempt before has proposed: an answer without a second phase would leave it there.</summary>
    [Fact]
    public void A_repeated_change_that_finds_nothing_to_do_has_that_chosen_before_it_says_so()
    {
        var operation = Operation(new RegisterCommand.Delete(), request: 1, isRepeat: true);
        Assert.Equal(3, Prepared(operation, Started(operation)).OfType<RegisterEffect.SendAccept>().Count());
    }

    /// <summary>What the first round proposed may have been chosen, read, and emptied away.</summary>
    [Fact]
    public void What_was_proposed_before_its_bucket_was_emptied_is_not_proposed_again()
    {
        var operation = Operation(new RegisterCommand.Put(Bytes("v")), request: 1);
        Prepared(operation, Started(operation));
        var effects = new List<RegisterEffect>();
        operation.OnPlan(Settled(epoch: 2), effects, isEmptied: true);
        Assert.Equal([new RegisterEffect.Reply(new RegisterOutcome.Unknown(RegisterFailure.TooManyChangesSince))], effects);

        operation = Operation(new RegisterCommand.Put(Bytes("v")), request: 2);
        Started(operation);
        effects.Clear();
        operation.OnPlan(Settled(epoch: 2), effects, isEmptied: true);
        Assert.Equal(3, effects.OfType<RegisterEffect.SendPrepare>().Count());
    }

    [Fact]
    public void Busy_acceptors_are_asked_again_after_a_short_pause_in_a_new_round()
    {
        var operation = Operation(new RegisterCommand.Put(Bytes("v")), request: 1);
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
        var operation = Operation(new RegisterCommand.Put(Bytes("v")), request: 1);
        Started(operation);
        Assert.Equal(new RegisterOutcome.NotDone(RegisterFailure.NoMajority), BusyToTheEnd(operation));

        operation = Operation(new RegisterCommand.Put(Bytes("v")), request: 2);
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

    /// <summary>
    /// A round was lost after one acceptor had taken what it proposed; the next one finds a majority that never heard of it. Without a second
    /// phase there, a later round would meet that one acceptor and have the change chosen after all.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_change_proposed_in_a_lost_round_is_not_called_needless_while_it_may_be_chosen_yet(bool isDelete)
    {
        if (!isDelete) Done(Operation(new RegisterCommand.Put(Bytes("theirs")), request: 1));
        RegisterCommand foreign = isDelete ? new RegisterCommand.Put(Bytes("theirs")) : new RegisterCommand.Delete();
        RegisterCommand command = isDelete ? new RegisterCommand.Delete() : Swap(new RegisterExpectation.IsAbsent(), "mine");
        var other = Operation(foreign, request: 2);
        Accept(Prepared(other, Started(other)).OfType<RegisterEffect.SendAccept>().Single(accept => accept.To == C));

        // The first round: A and C promise, C alone accepts.
        var operation = Operation(command, request: 3);
        var accepts = Prepared(operation, Started(operation), A, C);
        Accept(accepts.OfType<RegisterEffect.SendAccept>().Single(accept => accept.To == C));
        var lost = new List<RegisterEffect>();
        foreach (var node in new[] { A, B }) operation.OnBusy(node, random: 0, lost);

        // The second: A and B promise, and hold the same.
        var effects = new List<RegisterEffect>();
        operation.OnTimer(lost.OfType<RegisterEffect.StartTimer>().Single().Number, effects);
        var outcome = Outcome(operation, effects, A, B);

        var found = Done(Operation(new RegisterCommand.Get(), request: 4), A, C);
        if (isDelete) Assert.Equal((0u, false), (found.Version, found.Value.Data.HasValue));
        else Assert.Equal((1u, "theirs"), (found.Version, Encoding.UTF8.GetString(found.Value.Data!.Value.Span)));
        Assert.Equal(found.Value, outcome is RegisterOutcome.Mismatch mismatch ? mismatch.Value : ((RegisterOutcome.Done)outcome).Value);
    }

    [Fact]
    public void A_second_proposal_may_have_a_lower_version_and_is_looked_for_as_far_back()
    {
        var other = Operation(new RegisterCommand.Put(Bytes("theirs")), request: 1);
        Accept(Prepared(other, Started(other)).OfType<RegisterEffect.SendAccept>().Single(accept => accept.To == C));

        // Version 2, which nobody takes; then version 1, which A and B take and do not answer.
        var operation = Operation(new RegisterCommand.Put(Bytes("mine")), request: 2);
        Prepared(operation, Started(operation), A, C);
        var effects = new List<RegisterEffect>();
        operation.OnTimer(1, effects);
        foreach (var accept in Prepared(operation, effects, A, B).OfType<RegisterEffect.SendAccept>().Where(accept => accept.To != C)) Accept(accept);

        for (var i = 0ul; i < RegisterValue.MaxRecent; i++) Done(Operation(new RegisterCommand.Put(Bytes("later")), request: 3 + i), A, B);
        effects = [];
        operation.OnTimer(2, effects);
        Assert.Equal(new RegisterOutcome.Unknown(RegisterFailure.TooManyChangesSince), Outcome(operation, effects));
    }

    private RegisterOperation Operation(
        RegisterCommand command, ulong request, Func<NodeId, bool>? reachable = null, bool isRepeat = false) => new(
        Settled(), command, new RequestId(1, request), TimeSpan.FromSeconds(5), _ballots, new RegisterOptions())
    {
        IsRepeat = isRepeat,
        IsReachable = reachable ?? (_ => true),
    };

    private static List<RegisterEffect> Started(RegisterOperation operation)
    {
        var effects = new List<RegisterEffect>();
        operation.Start(TimeSpan.Zero, effects);
        return effects;
    }

    /// <summary>Delivers the first phase, to every acceptor or to these; returns what the second asks for, or the answer.</summary>
    private List<RegisterEffect> Prepared(RegisterOperation operation, List<RegisterEffect> effects, params NodeId[] only)
    {
        var then = new List<RegisterEffect>();
        foreach (var prepare in effects.OfType<RegisterEffect.SendPrepare>().Where(prepare => only is [] || only.Contains(prepare.To)))
        {
            var reply = _acceptors[prepare.To].OnPrepare(prepare.Ballot, out var next);
            _acceptors[prepare.To] = next;
            operation.OnReply(prepare.To, reply, random: 0, then);
        }
        return then;
    }

    /// <summary>Runs both phases with every acceptor, or with these.</summary>
    private RegisterOutcome Outcome(RegisterOperation operation, List<RegisterEffect> effects, params NodeId[] only)
    {
        var then = Prepared(operation, effects, only);
        foreach (var accept in then.OfType<RegisterEffect.SendAccept>().Where(accept => only is [] || only.Contains(accept.To)).ToList())
            operation.OnReply(accept.To, Accept(accept), random: 0, then);
        return then.OfType<RegisterEffect.Reply>().Single().Outcome;
    }

    private RegisterOutcome.Done Finished(RegisterOperation operation, List<RegisterEffect> effects) =>
        Assert.IsType<RegisterOutcome.Done>(Outcome(operation, effects));

    private RegisterOutcome.Done Done(RegisterOperation operation, params NodeId[] only) =>
        Assert.IsType<RegisterOutcome.Done>(Outcome(operation, Started(operation), only));

    private AcceptorReply<RegisterValue> Accept(RegisterEffect effect)
    {
        var accept = (RegisterEffect.SendAccept)effect;
        var reply = _acceptors[accept.To].OnAccept(accept.Ballot, accept.Value, out var next);
        _acceptors[accept.To] = next;
        return reply;
    }

    private static RegisterCommand.CompareAndSet Swap(RegisterExpectation expected, string value) => new(expected, Bytes(value));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
