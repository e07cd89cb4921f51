using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

internal partial class ActorCell
{
    private object? _currentMessage;
    private IActorRef? _sender;

    public IActorRef Sender => _sender ?? SystemImpl.DeadLetters;

    public object? CurrentMessage => _currentMessage;

    public void Invoke(in Envelope envelope)
    {
        var message = envelope.Message;
        _sender = envelope.Sender;
        if (message is ScheduledTimer timer)
        {
            if (_timers is null || !_timers.TryTake(timer)) return;
            message = timer.Message;
            _sender = timer.Sender ?? SystemImpl.DeadLetters;
        }

        _currentMessage = message;
        _messagesHandled++;
        try
        {
            if (message is IAutoReceivedMessage) AutoReceive(message);
            else ReceiveMessage(message);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }

        if (_receiveTimeout is not null && message is not INotInfluenceReceiveTimeout) NoteActivity();
    }

    /// <summary>Handles the message on the calling thread, past the mailbox; what the actor throws comes out.</summary>
    public void ReceiveMessageForTest(in Envelope envelope)
    {
        var (outerCell, outerMessage, outerSender) = (Current, _currentMessage, _sender);
        Current = this;
        _currentMessage = envelope.Message;
        _sender = envelope.Sender;
        try
        {
            if (envelope.Message is IAutoReceivedMessage) AutoReceive(envelope.Message);
            else ReceiveMessage(envelope.Message);
        }
        finally
        {
            (Current, _currentMessage, _sender) = (outerCell, outerMessage, outerSender);
        }
    }

    public void SystemInvoke(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case ActorTask step: RunStep(step); break;
                case ActorTaskEnded ended: EndTask(ended); break;
                case Failed failed: HandleFailed(failed); break;
                case DeathWatchNotification notice: WatchedActorTerminated(notice); break;
                case Watch watch: AddWatcher(watch.Watchee, watch.Watcher); break;
                case Unwatch unwatch: RemoveWatcher(unwatch.Watchee, unwatch.Watcher); break;
                case Recreate recreate: FaultRecreate(recreate.Cause); break;
                case Dispatch.SysMsg.Suspend: FaultSuspend(); break;
                case Resume resume: FaultResume(resume.CausedByFailure); break;
                case Dispatch.SysMsg.Terminate: Terminate(); break;
                default: throw new InvalidOperationException($"An actor cannot handle the system message {message}.");
            }
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    /// <summary>The thread leaves this actor: nothing of the last message is kept alive, unless its handler still runs.</summary>
    public void BatchEnded()
    {
        if (_tasks > 0 || IsFailed) return; // a restart still gives the message to PreRestart
        _currentMessage = null;
        _sender = null;
    }

    public void CheckedUnhandled(object message)
    {
        if (message is Terminated terminated) throw new DeathPactException(terminated.ActorRef);
        SystemImpl.EventStream.Publish(new UnhandledMessage(message, Sender, _self));
    }

    protected virtual void ReceiveMessage(object message)
    {
        if (_actor is { } actor && _behavior is { } behavior) actor.Handle(behavior, message);
        else SystemImpl.DeadLetter(message, Sender, _self);
    }

    protected virtual void AutoReceive(object message)
    {
        if (SystemImpl.Settings.DebugAutoReceive) PublishDebug("received AutoReceiveMessage " + message);
        switch (message)
        {
            case Terminated terminated: ReceivedTerminated(terminated); break;
            case AddressTerminated lost: LoseAddress(lost.Address); break;
            case Kill: throw new ActorKilledException("Kill");
            case PoisonPill: _self.Stop(); break;
            case ActorSelectionMessage selected: DeliverSelection(selected); break;
            case Identify identify: Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self); break;
            default: ReceiveMessage(message); break;
        }
    }

    private void DeliverSelection(ActorSelectionMessage selected)
    {
        if (selected.Elements.Length == 0) Invoke(new Envelope(selected.Message, Sender));
        else Akka.Actor.ActorSelection.Deliver(_self, Sender, selected);
    }

    private void PublishDebug(string text) =>
        SystemImpl.EventStream.Publish(new Debug(_self.Path.ToString(), _actor?.GetType() ?? typeof(ActorCell), text));
}
