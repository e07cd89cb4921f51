using Akka.Remote;

namespace Troupe.Tests.Remote;

public sealed class FailureDetectorSpec
{
    private long _now = 1_000_000;

    [Fact]
    public void A_deadline_detector_is_available_until_interval_and_pause_have_passed()
    {
        var detector = new DeadlineFailureDetector(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), () => _now);
        Assert.False(detector.IsMonitoring);
        _now += 100_000;
        Assert.True(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsMonitoring);
        _now += 3_999;
        Assert.True(detector.IsAvailable);
        _now += 1;
        Assert.False(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsAvailable);
    }

    [Fact]
    public void Phi_of_a_silence_of_exactly_the_mean_is_that_of_an_even_chance()
    {
        Assert.Equal(0.301, PhiAccrualFailureDetector.PhiOf(1000, 1000, 100), 3);
        Assert.Equal(0, PhiAccrualFailureDetector.PhiOf(0, 1000, 100), 3);
        Assert.Equal(1.6, PhiAccrualFailureDetector.PhiOf(1200, 1000, 100), 1);
    }

    [Fact]
    public void A_phi_detector_suspects_silence_after_pause_and_margin_and_forgives_on_the_next_heartbeat()
    {
        var detector = Phi();
        Beat(detector, 50);
        _now += 3_500;
        Assert.True(detector.IsAvailable);
        _now += 1_500;
        Assert.False(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsAvailable);
    }

    [Fact]
    public void Phi_only_rises_while_nothing_comes()
    {
        var detector = Phi();
        Beat(detector, 20);
        var last = -1.0;
        for (var i = 0; i < 60; i++, _now += 100)
        {
            Assert.True(detector.Phi >= last);
            last = detector.Phi;
        }
    }

    [Fact]
    public void Before_the_first_heartbeat_a_phi_detector_is_available_and_not_monitoring()
    {
        var detector = Phi();
        _now += 1_000_000;
        Assert.True(detector.IsAvailable);
        Assert.False(detector.IsMonitoring);
    }

    [Fact]
    public void A_registry_judges_each_resource_by_itself_and_forgets_on_request()
    {
        var registry = new DefaultFailureDetectorRegistry<string>(
            () => new DeadlineFailureDetector(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), () => _now));
        Assert.True(registry.IsAvailable("a"));
        registry.Heartbeat("a");
        _now += 2_000;
        registry.Heartbeat("b");
        Assert.False(registry.IsAvailable("a"));
        Assert.True(registry.IsAvailable("b"));
        registry.Remove("a");
        Assert.True(registry.IsAvailable("a"));
        Assert.False(registry.IsMonitoring("a"));
    }

    private PhiAccrualFailureDetector Phi() => new(8.0, 200, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3),
        TimeSpan.FromSeconds(1), () => _now);

    private void Beat(FailureDetector detector, int times)
    {
        for (var i = 0; i < times; i++, _now += 1000)
            detector.HeartBeat();
        _now -= 1000;
    }
}
