using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>
/// The default queue: first in, first out, without locks; many producers, one consumer.
/// <para>A chain of segments. A producer claims a slot by one interlocked add and then fills it; the message itself says that the
/// slot is filled. Segments start small, since most actors live short, and double up to <see cref="LargestSegment"/>.</para>
/// <para>Thread rule: <see cref="Enqueue"/> and <see cref="HasMessages"/> from any thread; the rest by the one consumer.</para>
/// Invariants:
/// <list type="number">
/// <item>A claimed slot counts as a message, so a consumer that saw none is re-scheduled by the producer (the claim is a full
/// fence before the producer looks at the mailbox's status).</item>
/// <item>A slot is used once: segments are never reused.</item>
/// <item>What was put in front comes out before everything else, last put first.</item>
/// </list>
/// </summary>
public class UnboundedMessageQueue : IMessageQueue, IUnboundedMessageQueueSemantics
{
    internal const int SmallestSegment = 4;
    internal const int LargestSegment = 1024;

    private Segment _tail;
    private Segment _head;
    private int _next;
    private Stack<Envelope>? _front;

    public UnboundedMessageQueue() => _head = _tail = new Segment(SmallestSegment);

    public bool HasMessages
    {
        get
        {
            if (_front is { Count: > 0 }) return true;
            var head = Volatile.Read(ref _head);
            return Volatile.Read(ref head.Claimed) > Volatile.Read(ref _next) || Volatile.Read(ref head.Next) is not null;
        }
    }

    public int Count
    {
        get
        {
            var count = (_front?.Count ?? 0) - Volatile.Read(ref _next);
            for (var segment = Volatile.Read(ref _head); segment is not null; segment = Volatile.Read(ref segment.Next))
                count += Math.Min(Volatile.Read(ref segment.Claimed), segment.Slots.Length);
            return Math.Max(count, 0);
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope) => Enqueue(in envelope);

    public bool TryDequeue(out Envelope envelope)
    {
        if (_front is { Count: > 0 })
        {
            envelope = _front.Pop();
            return true;
        }

        var segment = _head;
        while (_next == segment.Slots.Length)
        {
            if (Volatile.Read(ref segment.Next) is not { } following)
            {
                envelope = default;
                return false;
            }

            Volatile.Write(ref _next, 0);
            Volatile.Write(ref _head, following);
            segment = following;
        }

        ref var slot = ref segment.Slots[_next];
        var message = Volatile.Read(ref slot.Message);
        if (message is null)
        {
            if (Volatile.Read(ref segment.Claimed) <= _next)
            {
                envelope = default;
                return false;
            }

            message = AwaitFill(ref slot);
        }

        envelope = new Envelope(message, slot.Sender);
        slot = default;
        _next++;
        return true;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
    }

    internal void EnqueueFirst(in Envelope envelope) => (_front ??= new Stack<Envelope>()).Push(envelope);

    internal void Enqueue(in Envelope envelope)
    {
        while (true)
        {
            var segment = Volatile.Read(ref _tail);
            var index = Interlocked.Increment(ref segment.Claimed) - 1;
            if ((uint)index < (uint)segment.Slots.Length)
            {
                ref var slot = ref segment.Slots[index];
                slot.Sender = envelope.Sender;
                Volatile.Write(ref slot.Message, envelope.Message);
                return;
            }

            Extend(segment);
        }
    }

    private static object AwaitFill(ref Slot slot)
    {
        var spin = default(SpinWait);
        object? message;
        while ((message = Volatile.Read(ref slot.Message)) is null) spin.SpinOnce(-1);
        return message;
    }

    private void Extend(Segment full)
    {
        var next = Volatile.Read(ref full.Next);
        if (next is null)
        {
            var larger = new Segment(Math.Min(full.Slots.Length * 2, LargestSegment));
            next = Interlocked.CompareExchange(ref full.Next, larger, null) ?? larger;
        }

        Interlocked.CompareExchange(ref _tail, next, full);
    }

    private struct Slot
    {
        public object? Message;
        public IActorRef Sender;
    }

    private sealed class Segment(int length)
    {
        public readonly Slot[] Slots = new Slot[length];
        public int Claimed;
        public Segment? Next;
    }
}
