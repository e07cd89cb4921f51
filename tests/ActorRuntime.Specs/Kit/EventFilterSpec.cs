using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Xunit.Sdk;

namespace ActorRuntime.Specs.Kit;

public sealed class EventFilterSpec : Spec
{
    private readonly ILoggingAdapter _log;

    public EventFilterSpec() => _log = Logging.GetLogger(Sys, "the source");

    [Fact]
    public void One_event_is_expected_and_two_are_too_many()
    {
        EventFilter.Warning("hello").ExpectOne(() => _log.Warning("hello"));

        Fails(() => EventFilter.Warning("hello").ExpectOne(() =>
        {
            _log.Warning("hello");
            _log.Warning("hello");
        }));
    }

    [Fact]
    public void An_event_that_does_not_come_fails_after_the_leeway() =>
        Fails(() => EventFilter.Warning("hello").ExpectOne(TimeSpan.FromMilliseconds(50), () => _log.Warning("another")));

    [Fact]
    public void None_can_be_expected()
    {
        EventFilter.Warning("hello").Expect(0, TimeSpan.FromMilliseconds(50), () => _log.Warning("another"));

        Fails(() => EventFilter.Warning("hello").Expect(0, TimeSpan.FromMilliseconds(50), () => _log.Warning("hello")));
    }

    [Fact]
    public void Text_is_compared_whole_by_its_beginning_by_a_part_or_by_a_pattern()
    {
        EventFilter.Warning("the whole text").ExpectOne(() => _log.Warning("the whole text"));
        EventFilter.Warning(start: "the whole").ExpectOne(() => _log.Warning("the whole text"));
        EventFilter.Warning(contains: "whole").ExpectOne(() => _log.Warning("the whole text"));
        EventFilter.Warning(new Regex("w.*e")).ExpectOne(() => _log.Warning("the whole text"));
    }

    [Fact]
    public void Levels_are_told_apart() => EventFilter.Error("hello").Expect(1, () =>
    {
        _log.Warning("hello");
        _log.Error("hello");
    });

    [Fact]
    public void An_exception_is_matched_by_type_and_by_its_own_message()
    {
        EventFilter.Exception<InvalidOperationException>(message: "inner words").ExpectOne(() =>
            _log.Error(new InvalidOperationException("inner words"), "outer words"));

        Fails(() => EventFilter.Exception<ArgumentException>().ExpectOne(TimeSpan.FromMilliseconds(50), () =>
            _log.Error(new InvalidOperationException("inner words"), "outer words")));
    }

    [Fact]
    public void Filters_can_be_combined() =>
        EventFilter.Warning("a").And.Error("b").Expect(2, () =>
        {
            _log.Warning("a");
            _log.Error("b");
            _log.Error("c");
        });

    [Fact]
    public void A_dead_letter_is_matched_by_its_message_type()
    {
        var gone = Sys.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props);
        StopAndAwait(gone);

        EventFilter.DeadLetter<string>().ExpectOne(() =>
        {
            gone.Tell(1);
            gone.Tell("hello");
        });
    }

    [Fact]
    public void Whatever_the_block_returns_is_returned() =>
        Assert.Equal(42, EventFilter.Warning("hello").ExpectOne(() =>
        {
            _log.Warning("hello");
            return 42;
        }));

    [Fact]
    public void An_exception_of_the_block_is_the_tests() =>
        Assert.Throws<InvalidOperationException>(() =>
            EventFilter.Warning("hello").ExpectOne(() => throw new InvalidOperationException("on purpose")));

    [Fact]
    public async Task The_async_forms_do_the_same() =>
        await EventFilter.Warning("hello").ExpectOneAsync(async () =>
        {
            await Task.Yield();
            _log.Warning("hello");
        });

    [Fact]
    public async Task Another_systems_log_can_be_filtered()
    {
        var other = ActorSystem.Create("other", Sys.Settings.Config);

        CreateEventFilter(other).Warning("hello").ExpectOne(() => Logging.GetLogger(other, "there").Warning("hello"));

        await other.Terminate().WaitAsync(Soon);
    }

    private static void Fails(Action action) => Assert.ThrowsAny<XunitException>(action);
}
