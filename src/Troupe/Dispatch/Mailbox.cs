using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;
using Troupe.Platform;

namespace Akka.Dispatch;

/// <summary>
/// The queue in front of one actor, and the work item that runs it.
/// <para>Owner: its <see cref="ActorCell"/>, from creation to <see cref="Close"/>.</para>
/// <para>Thread rule: telling, scheduling and <see cref="Close"/>d checks from any thread; everything else only inside
/// <see cref="Run"/>, which the scheduled bit lets one thread at a time enter.</para>
/// Invariants:
/// <list type="number">
/// <item>System messages run before user messages, and also while the mailbox is suspended.</item>
/// <item>Suspensions count: as many resumes as suspends open it again.</item>
/// <item>Once closed, no message is run; each one that comes goes to the dead letters, once.</item>
/// </list>
/// </summary>
public class Mailbox : IRunnable
{
    private const int ClosedBit = 1;
    private const int ScheduledBit = 2;
    private const int SuspendUnit = 4;

    private static readonly SystemMessage ClosedQueue = new Suspend();

    private readonly UnboundedMessageQueue? _fast;
    private ActorCell _cell = null!;
    private IMessageObserver? _observer;
    private SystemMessage? _system;
    private int _status;

    public Mailbox(IMessageQueue messageQueue)
    {
        MessageQueue = messageQueue;
        _fast = messageQueue switch
        {
            UnboundedMessageQueue queue => queue,
            UnboundedDequeMessageQueue { Queue: var queue } => queue,
            _ => null,
        };
    }

    public IMessageQueue MessageQueue { get; }

    public MessageDispatcher Dispatcher => _cell.Dispatcher;

    /// <summary>The actor's path without its address.</summary>
    internal string Name => _cell.Self.Path.ToStringWithoutAddress();

    internal void SetActor(ActorCell actorCell)
    {
        _cell = actorCell;
        _observer = actorCell.SystemImpl.Seams.Observer;
    }

    internal bool IsClosed => (Volatile.Read(ref _status) & ClosedBit) != 0;

    internal bool IsSuspended => Volatile.Read(ref _status) >= SuspendUnit;

    internal bool HasMessages => _fast is { } fast ? fast.HasMessages : MessageQueue.HasMessages;

    internal bool HasSystemMessages => Volatile.Read(ref _system) is { } first && first != ClosedQueue;

    public void Execute() => Run();

    public void Run()
    {
        var outer = ActorCell.Current;
        ActorCell.Current = _cell;
        try
        {
            if (!IsClosed)
            {
                ProcessSystemMessages();
                ProcessMessages();
            }
        }
        finally
        {
            ActorCell.Current = outer;
            _cell.BatchEnded();
            SetIdle();
            if (!IsClosed && CanBeScheduled(false, false)) Dispatcher.Register(this);
        }
    }

    public virtual void CleanUp()
    {
        lock (MessageQueue)
        {
            DrainSystemMessages();
            var letters = _cell.System.Mailboxes.DeadLetterQueue;
            MessageQueue.CleanUp(_cell.Self, letters);
        }
    }

    internal void Enqueue(in Envelope envelope)
    {
        if (_fast is { } fast) fast.Enqueue(in envelope);
        else EnqueueSlowly(envelope);
        var status = Volatile.Read(ref _status);
        if (status == 0) Dispatcher.Register(this);
        else if ((status & ClosedBit) != 0) CleanUp();
    }

    private void EnqueueSlowly(in Envelope envelope)
    {
        MessageQueue.Enqueue(_cell.Self, envelope);
        Interlocked.MemoryBarrier(); // the status is read after the message can be seen
    }

    internal void EnqueueFirst(in Envelope envelope)
    {
        if (MessageQueue is not IDequeBasedMessageQueueSemantics deque)
            throw new NotSupportedException(
                $"The mailbox of {_cell.Self} is a {MessageQueue.GetType().Name}, which takes no messages in front: an actor "
                + "with a stash needs a deque-based mailbox such as Akka.Dispatch.UnboundedDequeBasedMailbox.");
        deque.EnqueueFirst(envelope);
    }

    /// <summary>False when the mailbox is closed: the message was not taken.</summary>
    internal bool TryEnqueueSystem(SystemMessage message)
    {
        var first = Volatile.Read(ref _system);
        while (true)
        {
            if (first == ClosedQueue) return false;
            message.Next = first;
            var seen = Interlocked.CompareExchange(ref _system, message, first);
            if (seen == first) break;
            first = seen;
        }

        if ((Volatile.Read(ref _status) & ScheduledBit) == 0) Dispatcher.Register(this);
        return true;
    }

    internal bool CanBeScheduled(bool hasMessageHint, bool hasSystemHint)
    {
        var status = Volatile.Read(ref _status);
        if ((status & ClosedBit) != 0) return false;
        return status < SuspendUnit
            ? hasMessageHint || hasSystemHint || HasSystemMessages || HasMessages
            : hasSystemHint || HasSystemMessages;
    }

    internal bool TrySetScheduled()
    {
        var status = Volatile.Read(ref _status);
        while ((status & (ClosedBit | ScheduledBit)) == 0)
        {
            var seen = Interlocked.CompareExchange(ref _status, status | ScheduledBit, status);
            if (seen == status) return true;
            status = seen;
        }

        return false;
    }

    internal void Suspend() => Interlocked.Add(ref _status, SuspendUnit);

    /// <summary>Takes back one suspension; none is left to take back: does nothing.</summary>
    internal void Resume()
    {
        var status = Volatile.Read(ref _status);
        while (status >= SuspendUnit)
        {
            var seen = Interlocked.CompareExchange(ref _status, status - SuspendUnit, status);
            if (seen == status) return;
            status = seen;
        }
    }

    /// <summary>No more messages: what is queued and what still comes goes to the dead letters.</summary>
    internal void Close()
    {
        Interlocked.Or(ref _status, ClosedBit);
        CleanUp();
    }

    private void SetIdle() => Interlocked.And(ref _status, ~ScheduledBit);

    private void ProcessMessages()
    {
        var dispatcher = Dispatcher;
        var left = Math.Max(dispatcher.Throughput, 1);
        var deadline = dispatcher.NewDeadline();
        while ((Volatile.Read(ref _status) & ~ScheduledBit) == 0 && TryDequeue(out var envelope))
        {
            _observer?.Handling(Name, envelope.Message);
            _cell.Invoke(in envelope);
            if (Volatile.Read(ref _system) is not null) ProcessSystemMessages();
            if (--left <= 0 || dispatcher.IsPast(deadline)) return;
        }
    }

    private bool TryDequeue(out Envelope envelope) =>
        _fast is { } fast ? fast.TryDequeue(out envelope) : MessageQueue.TryDequeue(out envelope);

    private void ProcessSystemMessages()
    {
        if (!_cell.IsCreated) _cell.Create();
        while (TakeSystemMessages() is { } message)
        {
            while (message is not null)
            {
                var next = message.Next;
                message.Next = null;
                _observer?.Handling(Name, message);
                if (IsClosed) _cell.DeadLetterSystem(message);
                else _cell.SystemInvoke(message);
                message = next;
            }
        }
    }

    /// <summary>All that have come, oldest first.</summary>
    private SystemMessage? TakeSystemMessages()
    {
        var first = Volatile.Read(ref _system);
        if (first is null || first == ClosedQueue) return null;
        return Reverse(Interlocked.CompareExchange(ref _system, null, first) == first ? first : TakeContended());
    }

    private SystemMessage? TakeContended()
    {
        var first = Volatile.Read(ref _system);
        while (first is not null && first != ClosedQueue)
        {
            var seen = Interlocked.CompareExchange(ref _system, null, first);
            if (seen == first) return first;
            first = seen;
        }

        return null;
    }

    private void DrainSystemMessages()
    {
        var queued = Interlocked.Exchange(ref _system, ClosedQueue);
        for (var message = queued == ClosedQueue ? null : Reverse(queued); message is not null;)
        {
            var next = message.Next;
            message.Next = null;
            _cell.DeadLetterSystem(message);
            message = next;
        }
    }

    private static SystemMessage? Reverse(SystemMessage? newest)
    {
        SystemMessage? oldest = null;
        while (newest is not null)
        {
            var older = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = older;
        }

        return oldest;
    }
}
