using KvStore.Client.Requests;
using KvStore.Client.Routing;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Registers;
using KvStore.Core.Replication;
using KvStore.Wire;

namespace KvStore.Client.Tests;

/// <summary>One request's way through silence, refusal and delay, step by step.</summary>
public sealed class RequestRunSpec
{
    private static readonly NodeId One = Rings.Node(1), Two = Rings.Node(2), Three = Rings.Node(3);
    private static readonly RequestId Id = new(7, 1);

    private readonly List<RunEffect> _effects = [];
    private readonly NodeHealth _health = new();

    [Fact]
    public void A_final_answer_ends_it()
    {
        var run = Started();

        run.OnAnswer(Done, One, At(5), _effects);

        Assert.Equal(Done, Finished());
        Assert.Equal(1, run.Attempts);
    }

    [Fact]
    public void A_silent_node_is_given_up_and_the_next_one_is_asked()
    {
        var run = Started();
        Assert.Equal(At(100), run.DueAt);

        run.OnDue(At(100), _effects);

        Assert.Equal([Two], Asked());
        Assert.True(_health.IsSuspect(One, At(101)));
        run.OnAnswer(Done, Two, At(120), _effects);
        Assert.Equal(Done, Finished());
    }

    [Fact]
    public void After_a_refusal_it_pauses_before_it_asks_again()
    {
        var run = Started();

        run.OnAnswer(BusyAnswer, One, At(5), _effects);

        Assert.Empty(Asked());
        run.OnDue(run.DueAt, _effects);
        Assert.Equal([Two], Asked());
    }

    [Fact]
    public void It_ends_by_its_deadline_whatever_is_under_way()
    {
        var run = Started(deadline: 250);
        for (var i = 0; i < 10 && !run.IsFinished; i++) run.OnDue(run.DueAt, _effects);

        Assert.True(run.IsFinished);
        Assert.Single(_effects.OfType<RunEffect.Finish>());
    }

    [Fact]
    public void A_write_that_met_silence_may_be_applied_whatever_comes_after()
    {
        var run = Started();
        run.OnDue(At(100), _effects);

        run.OnAnswer(RefusedFinally, Two, At(110), _effects);

        Assert.True(run.MayBeApplied);
        Assert.Equal(WriteStatus.Unknown, WriteAnswers.Of(Finished(), run.MayBeApplied, isRepeatable: true, run.Attempts).Status);
    }

    [Fact]
    public void A_write_that_was_only_refused_is_not_done()
    {
        var run = Started();

        run.OnAnswer(RefusedFinally, One, At(5), _effects);

        var result = WriteAnswers.Of(Finished(), run.MayBeApplied, isRepeatable: true, run.Attempts);
        Assert.Equal(WriteStatus.NotDone, result.Status);
        Assert.EndsWith("Nothing was written.", result.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "The write may or may not be applied; writing it again is safe.")]
    [InlineData(false, "The write may or may not be applied; read the key to find out.")]
    public void Only_what_comes_to_the_same_twice_is_called_safe_to_write_again(bool isRepeatable, string words) =>
        Assert.EndsWith(words, WriteAnswers.Of(null, mayBeApplied: true, isRepeatable, attempts: 1).Problem, StringComparison.Ordinal);

    [Fact]
    public void A_value_without_a_context_is_not_safe_to_write_again_and_every_other_write_is()
    {
        WriteCall Call(byte[]? value, WriteMode mode, CausalToken context) =>
            new(Rings.SomeKey, value is null ? default(ReadOnlyMemory<byte>?) : value, PutOptions.Default, At(1)) { Mode = mode, Context = context };
        var context = CausalToken.FromBytes(new byte[] { 1 });
        Assert.False(Call([1], WriteMode.WithContext, CausalToken.None).IsRepeatable);
        Assert.True(Call([1], WriteMode.WithContext, context).IsRepeatable);
        Assert.True(Call([1], WriteMode.Overwrite, CausalToken.None).IsRepeatable);
        Assert.True(Call(null, WriteMode.WithContext, CausalToken.None).IsRepeatable);
    }

    [Fact]
    public void A_compare_and_set_that_met_silence_and_then_another_version_may_be_applied()
    {
        var run = Started();
        run.OnDue(At(100), _effects);

        run.OnAnswer(OtherVersion, Two, At(110), _effects);

        var result = StrongAnswers.Of(Finished(), isRead: false, run.MayBeApplied, run.Attempts);
        Assert.Equal(StrongStatus.Unknown, result.Status);
        Assert.Equal("The key has version 9, and an earlier attempt was not answered for. "
            + "The change may or may not be applied; read the key to find out.", result.Problem);
    }

    [Fact]
    public void A_compare_and_set_that_met_another_version_at_once_changed_nothing()
    {
        var run = Started();

        run.OnAnswer(OtherVersion, One, At(5), _effects);

        var result = StrongAnswers.Of(Finished(), isRead: false, run.MayBeApplied, run.Attempts);
        Assert.Equal(StrongStatus.Mismatch, result.Status);
        Assert.Equal("The key has version 9. Nothing was changed; decide again.", result.Problem);
    }

    [Fact]
    public void A_slow_read_is_asked_of_a_second_node_once_and_the_first_answer_counts()
    {
        var run = Started(hedgeAfter: 20);
        Assert.Equal(At(20), run.DueAt);
        run.OnDue(At(20), _effects);
        Assert.Equal([Two], Asked());
        run.OnDue(At(40), _effects);
        Assert.Empty(Asked());

        run.OnAnswer(GotNothing, Two, At(45), _effects);

        Assert.Equal(GotNothing, Finished());
        run.OnAnswer(GotNothing, One, At(50), _effects);
        Assert.Empty(_effects);
    }

    [Fact]
    public void While_another_attempt_is_open_a_refusal_is_waited_out()
    {
        var run = Started(hedgeAfter: 20);
        run.OnDue(At(20), _effects);
        _effects.Clear();

        run.OnAnswer(BusyAnswer, One, At(25), _effects);

        Assert.Empty(_effects);
        run.OnAnswer(GotNothing, Two, At(30), _effects);
        Assert.Equal(GotNothing, Finished());
    }

    [Fact]
    public void Without_a_retry_budget_the_first_failure_is_the_answer()
    {
        var budget = new RetryBudget(share: 0);
        while (budget.TrySpend(TimeSpan.Zero))
        {
        }
        var run = Started(budget: budget);

        run.OnAnswer(BusyAnswer, One, TimeSpan.Zero, _effects);

        Assert.Equal(BusyAnswer, Finished());
    }

    [Fact]
    public void An_answer_that_another_node_gives_counts_for_the_one_that_was_asked()
    {
        var run = Started();

        run.OnAnswer(BusyAnswer, Three, At(5), _effects);

        Assert.InRange(run.DueAt, At(6), At(50));
        run.OnDue(run.DueAt, _effects);
        Assert.Equal([Two], Asked());
    }

    [Fact]
    public void Whatever_happens_it_finishes_once_and_never_asks_more_than_it_may()
    {
        for (var seed = 1; seed <= 2000; seed++)
        {
            var random = new Random(seed);
            var effects = new List<RunEffect>();
            var limits = new RunLimits(At(500), At(100), MaxAttempts: 4, random.Next(2) == 0 ? At(20) : null);
            var run = new RequestRun([One, Two, Three], limits, new RetryBudget(1), new NodeHealth(), random.NextDouble());
            run.Start(TimeSpan.Zero, effects);
            var now = TimeSpan.Zero;
            for (var step = 0; step < 100; step++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(30));
                if (random.Next(4) == 0) run.OnAnswer(random.Next(3) == 0 ? Done : BusyAnswer, Rings.Node(1 + random.Next(3)), now, effects);
                if (now >= run.DueAt) run.OnDue(now, effects);
            }

            Assert.True(run.IsFinished, $"seed {seed}");
            Assert.True(effects.OfType<RunEffect.Finish>().Count() == 1, $"seed {seed} finished more than once");
            Assert.True(effects.OfType<RunEffect.Send>().Count() <= 4, $"seed {seed} asked too often");
            Assert.IsType<RunEffect.Finish>(effects[^1]);
        }
    }

    [Fact]
    public void That_nobody_can_tell_any_more_whether_a_change_was_made_is_the_last_word()
    {
        var unknown = Of(new ClientProtocol.RegisterDone(Id, new RegisterOutcome.Unknown(RegisterFailure.TooManyChangesSince)));
        Assert.True(unknown is { IsFinal: true, MayBeApplied: true }, "another node would make the change once more");
        Assert.False(Of(new ClientProtocol.RegisterDone(Id, new RegisterOutcome.Unknown(RegisterFailure.NoMajority))).IsFinal);
    }

    private static Verdict Done { get; } = Of(new ClientProtocol.PutDone(Id, PutResult.Done, PutReason.None, Refusal.None, default, null));

    private static Verdict RefusedFinally { get; } =
        Of(new ClientProtocol.PutDone(Id, PutResult.NotDone, PutReason.Refused, Refusal.TooLarge, default, null));

    private static Verdict BusyAnswer { get; } = Of(new ClientProtocol.Busy(Id));

    private static Verdict OtherVersion { get; } =
        Of(new ClientProtocol.RegisterDone(Id, new RegisterOutcome.Mismatch(new RegisterValue(null, 9, []))));

    private static Verdict GotNothing { get; } = Of(new ClientProtocol.GetDone(Id, GetResult.Done, SiblingSet.Empty, default));

    private static Verdict Of(IWireMessage message) => Verdict.Of(message)!;

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private RequestRun Started(int deadline = 1000, int? hedgeAfter = null, RetryBudget? budget = null)
    {
        var limits = new RunLimits(At(deadline), At(100), MaxAttempts: 4, hedgeAfter is { } after ? At(after) : null);
        var run = new RequestRun([One, Two, Three], limits, budget ?? new RetryBudget(0.2), _health, jitter: 0.5);
        run.Start(TimeSpan.Zero, _effects);
        Assert.Equal([One], Asked());
        return run;
    }

    private List<NodeId> Asked()
    {
        var asked = _effects.OfType<RunEffect.Send>().Select(send => send.Node).ToList();
        _effects.Clear();
        return asked;
    }

    private Verdict? Finished()
    {
        var last = Assert.Single(_effects.OfType<RunEffect.Finish>()).Last;
        _effects.Clear();
        return last;
    }
}
