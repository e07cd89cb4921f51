using Akka.Configuration;
using Akka.Pattern;
using Akka.TestKit;

namespace Troupe.Tests.Pattern;

public sealed class RetrySupportSpec() : Akka.TestKit.Xunit2.TestKit(Akka.TestKit.Configs.TestConfigs.TestSchedulerConfig)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task An_attempt_is_repeated_until_it_succeeds()
    {
        var attempts = 0;

        Assert.Equal(3, await RetrySupport.Retry(() => Attempt(++attempts, succeedsAt: 3), 5));

        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task The_last_failure_is_the_tasks()
    {
        var attempts = 0;

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RetrySupport.Retry(() => Attempt(++attempts, 99), 2));

        Assert.Equal((3, "attempt 3"), (attempts, failure.Message));
    }

    [Fact]
    public async Task Repetitions_wait_for_their_delay()
    {
        var attempted = CreateTestProbe();
        var attempts = 0;
        var result = RetrySupport.Retry(
            () =>
            {
                attempted.Ref.Tell(++attempts, Akka.Actor.ActorRefs.NoSender);
                return Attempt(attempts, 2);
            },
            5, Second, Sys.Scheduler);
        await attempted.ExpectMsgAsync(1);
        Time.Advance(Second - TimeSpan.FromMilliseconds(1));
        Assert.False(attempted.HasMessages);

        Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(2, await result);
    }

    private static Task<int> Attempt(int number, int succeedsAt) =>
        number >= succeedsAt ? Task.FromResult(number) : Task.FromException<int>(new InvalidOperationException($"attempt {number}"));
}
