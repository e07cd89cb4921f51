// Newer packages call the overloads without a token obsolete; those with one are not in every 1.5.
#pragma warning disable CS0618
using Akka.Actor;
using Akka.Pattern;

namespace ActorRuntime.Specs.Supervision;

public sealed class CircuitBreakerSpec() : Spec(WithTestTime)
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_closed_breaker_passes_calls_and_results_through()
    {
        var breaker = Breaker(1);

        Assert.Equal(42, await breaker.WithCircuitBreaker(() => Task.FromResult(42)));
        Assert.Equal(42, breaker.WithSyncCircuitBreaker(() => 42));
        Assert.True(breaker.IsClosed);
    }

    [Fact]
    public async Task So_many_failures_open_it()
    {
        var breaker = Breaker(2);

        await Fail(breaker);
        Assert.True(breaker.IsClosed);
        await Fail(breaker);

        Assert.True(breaker.IsOpen);
    }

    [Fact]
    public async Task A_success_forgets_the_failures_before_it()
    {
        var breaker = Breaker(2);

        await Fail(breaker);
        await breaker.WithCircuitBreaker(() => Task.FromResult(1));
        await Fail(breaker);

        Assert.True(breaker.IsClosed);
    }

    [Fact]
    public async Task An_open_breaker_refuses_without_calling()
    {
        var breaker = Breaker(1);
        await Fail(breaker);
        var called = false;

        await Assert.ThrowsAsync<OpenCircuitException>(() => breaker.WithCircuitBreaker(() =>
        {
            called = true;
            return Task.FromResult(1);
        }));

        Assert.False(called);
    }

    [Fact]
    public async Task After_the_reset_time_it_is_half_open_and_one_success_closes_it()
    {
        var breaker = Breaker(1);
        await Fail(breaker);

        TestTime.Advance(ResetTimeout);
        AwaitCondition(() => breaker.IsHalfOpen, Soon);
        Assert.Equal(1, await breaker.WithCircuitBreaker(() => Task.FromResult(1)));

        Assert.True(breaker.IsClosed);
    }

    [Fact]
    public async Task A_failure_while_half_open_opens_it_again()
    {
        var breaker = Breaker(1);
        await Fail(breaker);
        TestTime.Advance(ResetTimeout);
        AwaitCondition(() => breaker.IsHalfOpen, Soon);

        await Fail(breaker);

        Assert.True(breaker.IsOpen);
    }

    [Fact]
    public async Task While_half_open_only_one_call_is_let_through()
    {
        var breaker = Breaker(1);
        await Fail(breaker);
        TestTime.Advance(ResetTimeout);
        AwaitCondition(() => breaker.IsHalfOpen, Soon);
        var probe = new TaskCompletionSource<int>();
        var first = breaker.WithCircuitBreaker(() => probe.Task);

        await Assert.ThrowsAsync<OpenCircuitException>(() => breaker.WithCircuitBreaker(() => Task.FromResult(1)));

        probe.SetResult(1);
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task Callbacks_tell_of_each_change()
    {
        var changes = CreateTestProbe();
        var breaker = Breaker(1)
            .OnOpen(() => changes.Ref.Tell("open"))
            .OnHalfOpen(() => changes.Ref.Tell("half open"))
            .OnClose(() => changes.Ref.Tell("closed"));

        await Fail(breaker);
        await changes.ExpectMsgAsync("open", Soon);
        TestTime.Advance(ResetTimeout);
        await changes.ExpectMsgAsync("half open", Soon);
        await breaker.WithCircuitBreaker(() => Task.FromResult(1));
        await changes.ExpectMsgAsync("closed", Soon);
    }

    [Fact]
    public async Task Fail_and_Succeed_count_from_outside()
    {
        var breaker = Breaker(1);

        breaker.Fail();
        Assert.True(breaker.IsOpen);

        await Assert.ThrowsAsync<OpenCircuitException>(() => breaker.WithCircuitBreaker(() => Task.FromResult(1)));
    }

    private CircuitBreaker Breaker(int maxFailures) => new(Sys.Scheduler, maxFailures, CallTimeout, ResetTimeout);

    private static async Task Fail(CircuitBreaker breaker) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            breaker.WithCircuitBreaker(() => Task.FromException<int>(new InvalidOperationException("on purpose"))));
}
