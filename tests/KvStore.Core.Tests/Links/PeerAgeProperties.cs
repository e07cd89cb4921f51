using FsCheck;
using FsCheck.Fluent;
using KvStore.Core.Links;

namespace KvStore.Core.Tests.Links;

public sealed class PeerAgeProperties
{
    private const double MaxDrift = 500e-6;

    /// <summary>Whatever the clocks say and however they drift, a message is never thought older than it is, but for the drift in that time.</summary>
    [Fact]
    public void No_message_is_thought_older_than_it_is() => Check((age, delay, _, _) => age <= delay * (1 + 2 * MaxDrift) + Rounding);

    /// <summary>And it is thought younger by no more than the quickest message's delay and the drift since that.</summary>
    [Fact]
    public void A_message_is_thought_younger_by_no_more_than_the_quickest_delay_and_drift() =>
        Check((age, delay, quickest, sinceFirst) => age >= delay - quickest - 2 * MaxDrift * sinceFirst - Rounding);

    [Fact]
    public void A_burst_after_a_cut_is_as_old_as_it_is()
    {
        var age = new PeerAge(MaxDrift);
        age.OnReceived(Seconds(100), Seconds(5));
        Assert.Equal(40, age.OnReceived(Seconds(101), Seconds(46)).TotalSeconds, 0.05);
        Assert.Equal(10, age.OnReceived(Seconds(131), Seconds(46)).TotalSeconds, 0.05);
    }

    private static TimeSpan Rounding => TimeSpan.FromTicks(50);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>Messages with gaps and delays in milliseconds, between clocks that differ by any amount and drift up to the bound.</summary>
    private static void Check(Func<TimeSpan, TimeSpan, TimeSpan, TimeSpan, bool> holds)
    {
        var runs =
            from offset in Gen.Choose(-1_000_000, 1_000_000)
            from drift in Gen.Choose(-499, 499)
            from messages in Gen.Two(Gen.Choose(0, 60_000)).ArrayOf()
            select (offset, drift, messages);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var age = new PeerAge(MaxDrift);
            var (own, first, quickest) = (TimeSpan.Zero, (TimeSpan?)null, TimeSpan.MaxValue);
            foreach (var (gap, late) in run.messages)
            {
                own += TimeSpan.FromMilliseconds(gap);
                var delay = TimeSpan.FromMilliseconds(Math.Min(late, own.TotalMilliseconds));
                var sent = own - delay;
                var sentAt = TimeSpan.FromMilliseconds(run.offset) + sent * (1 + run.drift * 1e-6);
                first ??= own;
                quickest = delay < quickest ? delay : quickest;
                if (!holds(age.OnReceived(sentAt, own), delay, quickest, own - first.Value + quickest + delay))
                    return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }
}
