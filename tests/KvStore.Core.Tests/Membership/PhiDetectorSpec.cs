using KvStore.Core.Membership;

namespace KvStore.Core.Tests.Membership;

public sealed class PhiDetectorSpec
{
    private readonly GossipOptions _options = new();
    private readonly PhiDetector _detector;
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    public PhiDetectorSpec() => _detector = new PhiDetector(_options);

    [Fact]
    public void An_outage_that_is_over_does_not_make_the_next_one_unseen()
    {
        Beat(100, every: TimeSpan.FromSeconds(1));
        _now += TimeSpan.FromMinutes(10);
        Beat(5, every: TimeSpan.FromSeconds(1));
        Assert.True(_detector.Phi(_now + TimeSpan.FromSeconds(10)) > _options.PhiThreshold);
    }

    [Fact]
    public void A_peer_that_has_become_slow_is_suspected_for_a_while_and_then_no_more()
    {
        var slow = TimeSpan.FromSeconds(8);
        Beat(100, every: TimeSpan.FromSeconds(1));
        Assert.True(_detector.Phi(_now + slow) > _options.PhiThreshold);
        Beat(20, every: slow);
        Assert.True(_detector.Phi(_now + slow) < _options.PhiThreshold);
    }

    private void Beat(int times, TimeSpan every)
    {
        for (var i = 0; i < times; i++)
            _detector.OnBeat(_now += every);
    }
}
