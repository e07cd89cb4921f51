using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using FsCheck;
using FsCheck.Fluent;

namespace Troupe.Tests.Dispatch;

public class MessageQueueProperties
{
    private enum Step
    {
        Enqueue,
        EnqueueFirst,
        Dequeue,
    }

    [Fact]
    public void The_default_queue_behaves_like_a_list_with_two_ends() =>
        Prop.ForAll(Steps(), steps => Agrees(new UnboundedMessageQueue(), steps)).QuickCheckThrowOnFailure();

    [Fact]
    public void The_deque_behaves_like_a_list_with_two_ends() =>
        Prop.ForAll(Steps(), steps => Agrees(new UnboundedDequeMessageQueue().Queue, steps)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_stable_priority_queue_sorts_by_priority_and_keeps_the_order_of_equals() =>
        Prop.ForAll(Gen.Choose(0, 4).ListOf().ToArbitrary(), priorities =>
        {
            var queue = new UnboundedStablePriorityMessageQueue(m => ((int Priority, int Order))m is var (p, _) ? p : 0, 4);
            var messages = priorities.Select((p, i) => (Priority: p, Order: i)).ToList();
            foreach (var message in messages) queue.Enqueue(ActorRefs.Nobody, new Envelope(message, ActorRefs.Nobody));
            return Drain(queue).Cast<(int, int)>().SequenceEqual(messages.OrderBy(m => m.Priority));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, 200_000)]
    [InlineData(4, 50_000)]
    public void Many_producers_lose_nothing_and_keep_their_own_order(int producers, int each)
    {
        var queue = new UnboundedMessageQueue();
        using var start = new Barrier(producers);
        var threads = Enumerable.Range(0, producers).Select(p => new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < each; i++) queue.Enqueue(new Envelope((p, i), ActorRefs.Nobody));
        })).ToList();
        threads.ForEach(t => t.Start());

        var next = new int[producers];
        for (var taken = 0; taken < producers * each;)
        {
            if (!queue.TryDequeue(out var envelope)) continue;
            var (producer, number) = ((int, int))envelope.Message;
            Assert.Equal(next[producer]++, number);
            taken++;
        }

        threads.ForEach(t => t.Join());
        Assert.False(queue.HasMessages);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void A_short_lived_queue_is_small()
    {
        new UnboundedMessageQueue().TryDequeue(out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var queue = new UnboundedMessageQueue();
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.InRange(after - before, 1, 250);
        GC.KeepAlive(queue);
    }

    private static Arbitrary<IList<(Step, int)>> Steps() =>
        (from step in Gen.Elements(Step.Enqueue, Step.Enqueue, Step.EnqueueFirst, Step.Dequeue)
         from number in Gen.Choose(0, 1000)
         select (step, number)).ListOf().Select(l => (IList<(Step, int)>)[.. l]).ToArbitrary();

    private static bool Agrees(UnboundedMessageQueue queue, IList<(Step Step, int Number)> steps)
    {
        var model = new LinkedList<int>();
        var stashed = new Stack<int>();
        foreach (var (step, number) in steps)
        {
            switch (step)
            {
                case Step.Enqueue:
                    queue.Enqueue(new Envelope(number, ActorRefs.Nobody));
                    model.AddLast(number);
                    break;
                case Step.EnqueueFirst:
                    queue.EnqueueFirst(new Envelope(number, ActorRefs.Nobody));
                    stashed.Push(number);
                    break;
                default:
                    var wanted = stashed.Count > 0 ? stashed.Pop() : TakeFirst(model);
                    var got = queue.TryDequeue(out var envelope) ? (int?)envelope.Message : null;
                    if (wanted != got) return false;
                    break;
            }

            if (queue.HasMessages != (model.Count + stashed.Count > 0)
                || queue.Count != model.Count + stashed.Count) return false;
        }

        return Drain(queue).Cast<int>().SequenceEqual(stashed.Concat(model));
    }

    private static int? TakeFirst(LinkedList<int> model)
    {
        if (model.First is not { } first) return null;
        model.RemoveFirst();
        return first.Value;
    }

    private static List<object> Drain(IMessageQueue queue)
    {
        var all = new List<object>();
        while (queue.TryDequeue(out var envelope)) all.Add(envelope.Message);
        return all;
    }
}
