using FsCheck;
using FsCheck.Fluent;
using Troupe.Platform;

namespace Troupe.Tests.Platform;

/// <summary>The wheel against the obvious model: a list of entries with their due ticks.</summary>
public sealed class TimerWheelProperties
{
    [Fact]
    public void Every_entry_is_due_at_the_first_advance_at_or_after_its_tick_and_in_its_turn_unless_removed() =>
        Prop.ForAll(
            (from op in Gen.Choose(0, 3) from value in Gen.OneOf(Gen.Choose(0, 1500), Gen.Choose(0, 3)) select (op, value)).ArrayOf().ToArbitrary(),
            Agrees).QuickCheckThrowOnFailure();

    [Fact]
    public void The_next_tick_is_never_later_than_the_first_entry_and_never_more_than_a_turn_away() =>
        Prop.ForAll(
            Gen.Choose(1, 5000).NonEmptyListOf().ToArbitrary(), Gen.Choose(0, 2000).ToArbitrary(),
            (ticks, now) =>
            {
                var wheel = new TimerWheel();
                wheel.Advance(now, []);
                foreach (var tick in ticks)
                    wheel.Add(new TimerWheel.Entry(), now + tick);
                var next = wheel.NextTick();
                return next > now && next <= now + ticks.Min() && next <= now + 512;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_empty_wheel_has_no_next_tick()
    {
        var wheel = new TimerWheel();
        var entry = new TimerWheel.Entry();
        wheel.Add(entry, 700);
        Assert.True(wheel.Remove(entry));
        Assert.False(wheel.Remove(entry));
        Assert.Equal(long.MaxValue, wheel.NextTick());
    }

    private static bool Agrees((int Op, int Value)[] steps)
    {
        var wheel = new TimerWheel();
        var pending = new List<TimerWheel.Entry>();
        var now = 0L;
        foreach (var (op, value) in steps)
        {
            switch (op)
            {
                case 0 or 1:
                    var added = new TimerWheel.Entry();
                    wheel.Add(added, now + value);
                    pending.Add(added);
                    break;
                case 2 when pending.Count > 0:
                    var removed = pending[value % pending.Count];
                    if (!wheel.Remove(removed))
                        return false;
                    pending.Remove(removed);
                    break;
                case 3:
                    now += value;
                    var due = new List<TimerWheel.Entry>();
                    wheel.Advance(now, due);
                    // In the order of the ticks they come within one turn only; in that of their adding, within a tick, always.
                    if (!due.OrderBy(entry => entry.DueTick).SequenceEqual(
                        pending.Where(entry => entry.DueTick <= now).OrderBy(entry => entry.DueTick)))
                        return false;
                    pending.RemoveAll(entry => entry.DueTick <= now);
                    break;
            }
            if (wheel.Count != pending.Count)
                return false;
        }
        return true;
    }
}
