using KvStore.Core.Hints;
using KvStore.Core.Identity;
using KvStore.Core.Tests.Placement;

namespace KvStore.Core.Tests.Hints;

/// <summary>Nodes bring what they keep to one that was away, each asking for room once a second.</summary>
public sealed class HintAdmissionSpec
{
    private const int Mebibyte = 1 << 20;

    /// <summary>What a node takes a second that is behind.</summary>
    private const long Slow = 128L << 10;

    private readonly HintAdmission _behind = new(new HintAdmissionOptions { StartRate = Slow });
    private TimeSpan _now = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_node_that_is_back_shares_its_room_among_those_who_ask()
    {
        var admission = new HintAdmission(new HintAdmissionOptions { StartRate = 1_000_000 });
        var alone = admission.OnAsk(Rings.Node(1), 100, 400_000, 1_000, TimeSpan.FromSeconds(10));
        Assert.Equal((100, 400_000L), alone);
        var second = admission.OnAsk(Rings.Node(2), 100, 1_000_000, 1_000, TimeSpan.FromSeconds(10));
        Assert.Equal((100, 300_000L), second);
    }

    [Fact]
    public void Room_grows_while_the_node_is_well_and_halves_when_it_is_not()
    {
        var admission = new HintAdmission(new HintAdmissionOptions());
        admission.OnHealth(isWell: true);
        Assert.Equal(3L << 19, admission.Rate);
        for (var second = 0; second < 10; second++)
            admission.OnHealth(isWell: false);
        Assert.Equal(128L << 10, admission.Rate);
    }

    [Fact]
    public void What_is_granted_is_enough_for_the_first_hint_and_a_refusal_costs_nothing()
    {
        Assert.Equal((0, 0L), _behind.OnAsk(Rings.Node(1), 3, 3 * Mebibyte, Mebibyte, _now));
        _now += TimeSpan.FromSeconds(6);
        Assert.Equal((0, 0L), _behind.OnAsk(Rings.Node(1), 3, 3 * Mebibyte, Mebibyte, _now));
        _now += TimeSpan.FromSeconds(1);
        Assert.Equal((3, (long)Mebibyte), _behind.OnAsk(Rings.Node(1), 3, 3 * Mebibyte, Mebibyte, _now));
    }

    [Fact]
    public void A_large_hint_that_comes_first_holds_nobody_up()
    {
        var sender = new Sender(1, [Mebibyte, .. Enumerable.Repeat(1_000, 200)]);
        Assert.InRange(SecondsUntilAllIsSent(sender), 1, 15);
    }

    [Fact]
    public void A_hint_that_no_share_does_for_gets_its_turn_while_the_others_keep_theirs()
    {
        var large = new Sender(1, [6 * Mebibyte]);
        Sender[] others = [.. Enumerable.Range(2, 3).Select(number => new Sender(number, Enumerable.Repeat(1_000, 100_000)))];
        var seconds = SecondsUntil(() => large.IsDone, [large, .. others]);
        var fair = 6 * Mebibyte * 4 / Slow;
        Assert.InRange(seconds, fair / 2, fair + 10);
        Assert.InRange(others.Sum(sender => sender.Sent), seconds * Slow * 3 / 4 * 8 / 10, seconds * Slow * 3 / 4 * 11 / 10);
        Assert.All(others, sender => Assert.InRange(sender.Sent, seconds * Slow / 8, seconds * Slow / 2));
    }

    [Fact]
    public void Many_that_have_only_large_hints_take_turns_and_no_second_is_lost()
    {
        Sender[] senders = [.. Enumerable.Range(1, 10).Select(number => new Sender(number, [6 * Mebibyte, 6 * Mebibyte]))];
        Assert.InRange(SecondsUntilAllIsSent(senders), 1, 20 * 6 * Mebibyte / Slow + 10);
    }

    [Fact]
    public void What_is_larger_than_the_bucket_goes_when_the_bucket_is_full() =>
        Assert.InRange(SecondsUntilAllIsSent(new Sender(1, [10 * Mebibyte, 1_000]), new Sender(2, [2 * Mebibyte])), 64, 100);

    [Fact]
    public void Room_that_was_held_back_for_one_who_asks_no_more_is_for_all_again()
    {
        _behind.OnAsk(Rings.Node(1), 1, 6 * Mebibyte, 6 * Mebibyte, _now);
        Assert.Equal((0, 0L), _behind.OnAsk(Rings.Node(2), 1, Slow, 1_000, _now));
        _now += TimeSpan.FromSeconds(4);
        Assert.Equal((1, 2 * Slow), _behind.OnAsk(Rings.Node(2), 1, 2 * Slow, 1_000, _now));
    }

    private long SecondsUntilAllIsSent(params Sender[] senders) => SecondsUntil(() => senders.All(sender => sender.IsDone), senders);

    private long SecondsUntil(Func<bool> isDone, Sender[] senders)
    {
        var seconds = 0L;
        for (; !isDone() && seconds < 10_000; seconds++)
        {
            foreach (var sender in senders.Where(sender => !sender.IsDone))
                sender.Ask(_behind, _now);
            _now += TimeSpan.FromSeconds(1);
        }

        return seconds;
    }

    /// <summary>One that keeps hints of these sizes, and sends of them in order what fits into what it is granted.</summary>
    private sealed class Sender(int number, IEnumerable<int> sizes)
    {
        private readonly List<int> _sizes = [.. sizes];

        public bool IsDone => _sizes.Count == 0;

        public long Sent { get; private set; }

        public void Ask(HintAdmission admission, TimeSpan now)
        {
            var first = _sizes[0];
            var asked = _sizes.Take(64).ToList();
            var (_, bytes) = admission.OnAsk(Rings.Node(number), asked.Count, asked.Sum(size => (long)size), first, now);
            Assert.True(bytes == 0 || bytes >= first);
            foreach (var size in asked.Where(size => size <= bytes))
            {
                if (bytes < size)
                    continue;
                bytes -= size;
                Sent += size;
                _sizes.Remove(size);
            }
        }
    }
}
