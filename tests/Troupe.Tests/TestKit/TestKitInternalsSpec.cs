using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Internal;

namespace Troupe.Tests.TestKit;

public sealed class TestKitInternalsSpec : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void A_barrier_that_not_all_reach_times_out() =>
        Assert.Throws<TimeoutException>(() => CreateTestBarrier(2).Await(TimeSpan.FromMilliseconds(20)));

    [Fact]
    public async Task A_take_that_is_cancelled_takes_nothing()
    {
        using var inbox = new MessageInbox();
        using var cancellation = new CancellationTokenSource();
        var waiting = inbox.NextAsync(blocking: false, Timeout.InfiniteTimeSpan, peek: false, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        inbox.Add(new RealMessageEnvelope("hello", ActorRefs.Nobody));

        Assert.Equal("hello", inbox.TakeOrNull()?.Message);
        Assert.Null(inbox.TakeOrNull());
    }

    [Fact]
    public async Task Many_senders_lose_nothing_and_keep_their_order()
    {
        const int Senders = 4, Each = 2000;
        using var inbox = new MessageInbox();
        var sending = Enumerable.Range(0, Senders).Select(s => Task.Factory.StartNew(
            () => Enumerable.Range(0, Each).ToList().ForEach(i => inbox.Add(new RealMessageEnvelope((s, i), ActorRefs.Nobody))),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();

        var received = new List<(int Sender, int Number)>();
        while (received.Count < Senders * Each)
        {
            var next = await inbox.NextAsync(blocking: false, TimeSpan.FromSeconds(10), peek: received.Count % 3 == 0, default);
            Assert.NotNull(next);
            if (received.Count % 3 == 0)
            {
                next = inbox.TakeOrNull();
            }
            received.Add(((int, int))next!.Message!);
        }

        await Task.WhenAll(sending);
        Assert.All(Enumerable.Range(0, Senders), s =>
            Assert.Equal(Enumerable.Range(0, Each), received.Where(m => m.Sender == s).Select(m => m.Number)));
    }

    [Fact]
    public void Messages_that_a_test_never_took_are_dead_letters_when_its_test_actor_stops()
    {
        var forgetful = CreateTestProbe();
        forgetful.Ref.Tell("unread", TestActor);
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));

        Sys.Stop(forgetful.Ref);

        FishForMessage<Akka.Event.DeadLetter>(l => "unread".Equals(l.Message), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_thread_does_not_send_in_the_name_of_a_test_that_is_over()
    {
        var other = new Akka.TestKit.Xunit2.TestKit("");
        Assert.Same(((LocalActorRef)other.TestActor).Cell, ActorCell.Current);

        other.Dispose();

        Assert.Null(ActorCell.Current);
    }
}
