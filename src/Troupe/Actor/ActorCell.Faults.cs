using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

internal partial class ActorCell
{
    /// <summary>Who made this actor fail: a child whose failure it escalated, itself, or nobody (it has not failed).</summary>
    private IActorRef? _perpetrator;

    /// <summary>
    /// There is no instance because a restart waits for children, or has failed; not because the first one failed.
    /// </summary>
    private bool _inRestart;

    private bool IsFailed => _perpetrator is not null;

    /// <summary>The first instance: construction and PreStart.</summary>
    public void Create()
    {
        IsCreated = true;
        try
        {
            var actor = NewActor();
            actor.AroundPreStart();
            if (SystemImpl.Settings.DebugLifecycle) PublishDebug("Started (" + actor.GetType() + ")");
        }
        catch (Exception e)
        {
            ForgetActor();
            HandleInvokeFailure(e is ActorInitializationException ? e : CreationFailure(e));
        }
    }

    /// <summary>
    /// This actor has thrown: it and its children stop handling messages until the parent has decided.
    /// </summary>
    private void HandleInvokeFailure(Exception cause, IActorRef[]? childrenNotToSuspend = null)
    {
        if (IsFailed || _mailbox.IsClosed) return;
        _mailbox.Suspend();
        try
        {
            if (_currentMessage is Failed failed && childrenNotToSuspend is null)
            {
                _perpetrator = failed.Child;
                SuspendChildren(failed.Child);
            }
            else
            {
                _perpetrator = _self;
                SuspendChildren(null, childrenNotToSuspend);
            }

            Parent.SendSystemMessage(new Failed(_self, cause, _self.Path.Uid));
        }
        catch (Exception e)
        {
            PublishError(e, $"emergency stop: exception in failure handling for {cause.GetType()}");
            StopAllChildren();
            FinishTerminate();
        }
    }

    private void HandleFailed(Failed failed)
    {
        var stats = _children.Find(failed.Child);
        if (stats is null || stats.Uid != failed.Uid) return; // an earlier incarnation, or it has stopped
        var outerMessage = _currentMessage;
        var outerSender = _sender;
        _currentMessage = failed;
        _sender = failed.Child;
        try
        {
            if (!SupervisionStrategy.HandleFailure(this, failed.Child, failed.Cause, stats, _children.Stats()))
                HandleInvokeFailure(failed.Cause);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }

        if (IsFailed && _currentMessage == failed) return; // escalated: PreRestart gets what made this actor fail
        _currentMessage = outerMessage;
        _sender = outerSender;
    }

    private SupervisorStrategy SupervisionStrategy =>
        _actor?.Supervision ?? throw new IllegalActorStateException($"{_self} has no instance to supervise its children.");

    private void FaultSuspend()
    {
        _mailbox.Suspend();
        SuspendChildren(null);
    }

    private void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null && !_inRestart)
        {
            FaultCreate();
            return;
        }

        if (_actor is null && IsNormal && causedByFailure is not null)
        {
            FaultRecreate(causedByFailure); // an instance that could not be made cannot go on
            return;
        }

        var perpetrator = _perpetrator;
        _mailbox.Resume();
        if (causedByFailure is not null) _perpetrator = null;
        ResumeChildren(causedByFailure, perpetrator);
    }

    private void FaultRecreate(Exception cause)
    {
        if (_actor is null && !_inRestart)
        {
            FaultCreate();
        }
        else if (IsNormal)
        {
            if (SystemImpl.Settings.DebugLifecycle) PublishDebug("restarting");
            try
            {
                _actor?.AroundPreRestart(cause, _currentMessage!);
            }
            catch (Exception e)
            {
                var failure = new PreRestartException(_self, e, cause, _currentMessage);
                PublishError(failure, failure.Message);
            }

            ForgetActor();
            _inRestart = true;
            if (!_children.Await(ChildrenWait.Recreation, cause)) FinishRecreate(cause);
        }
        else
        {
            FaultResume(null); // keeps the count of suspensions right; a recreation or termination is under way
        }
    }

    /// <summary>The instance could not even be made: begin anew from nothing.</summary>
    private void FaultCreate()
    {
        if (IsTerminating) return;
        CancelReceiveTimeout();
        StopAllChildren();
        if (!_children.Await(ChildrenWait.Creation, null)) FinishCreate();
    }

    private void FinishCreate()
    {
        _mailbox.Resume();
        _perpetrator = null;
        Create();
    }

    private void FinishRecreate(Exception cause)
    {
        var survivors = _children.Refs();
        try
        {
            _mailbox.Resume();
            _perpetrator = null;
            var fresh = NewActor();
            _inRestart = false;
            fresh.AroundPostRestart(cause, null!);
            if (SystemImpl.Settings.DebugLifecycle) PublishDebug("restarted");
            foreach (var child in survivors) ((IInternalActorRef)child).Restart(cause);
        }
        catch (Exception e)
        {
            ForgetActor();
            _inRestart = true;
            HandleInvokeFailure(new PostRestartException(_self, e, cause), survivors);
        }
    }

    private void Terminate()
    {
        CancelReceiveTimeout();
        UnwatchWatchedActors(); // no Terminated comes any more
        StopAllChildren();
        var wasTerminating = IsTerminating;
        if (_children.Await(ChildrenWait.Termination, null))
        {
            if (wasTerminating) return;
            _mailbox.Suspend(); // no user message comes any more
            _perpetrator = _self; // and a failure on the way out changes nothing
            if (SystemImpl.Settings.DebugLifecycle) PublishDebug("stopping");
        }
        else
        {
            FinishTerminate();
        }
    }

    private void FinishTerminate()
    {
        if (_mailbox.IsClosed) return;
        _children.SetTerminated();
        try
        {
            _actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            PublishError(e, e.Message);
        }

        _timers?.CancelAll();
        CancelReceiveTimeout();
        _mailbox.Close();
        Parent.SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: true, addressTerminated: false));
        TellWatchersWeDied();
        if (SystemImpl.Settings.DebugLifecycle) PublishDebug("stopped");
        ForgetActor();
        Props = Props.Terminated;
        _tasks = 0; // a reference that is kept keeps nothing of the last message alive
        _perpetrator = null;
    }

    private void HandleChildTerminated(IActorRef child)
    {
        var ready = _children.Remove(child);
        if (_actor is { } actor)
        {
            try
            {
                actor.Supervision.HandleChildTerminated(this, child, InternalRefs());
            }
            catch (Exception e)
            {
                PublishError(e, "HandleChildTerminated failed");
                HandleInvokeFailure(e);
            }
        }

        switch (ready)
        {
            case ChildrenWait.Recreation: FinishRecreate(_children.RecreationCause!); break;
            case ChildrenWait.Creation: FinishCreate(); break;
            case ChildrenWait.Termination: FinishTerminate(); break;
        }
    }

    /// <summary>Looked up when a strategy asks, which few do: who has a thousand children would else count them all for each that stops.</summary>
    private IEnumerable<IInternalActorRef> InternalRefs()
    {
        foreach (var child in _children.Refs()) yield return (IInternalActorRef)child;
    }

    /// <summary>
    /// The instance is no longer this cell's: its timers end with it, and it keeps nothing but its own reference.
    /// </summary>
    private void ForgetActor()
    {
        _timers?.CancelAll();
        _timers = null;
        if (_actor is { } actor)
        {
            _actor = null;
            actor.Detach(_self);
            Release(actor);
        }

        ClearBehaviors();
    }

    private void Release(ActorBase actor)
    {
        try
        {
            (actor as IDisposable)?.Dispose();
            Props.Release(actor);
        }
        catch (Exception e)
        {
            PublishError(e, $"disposing of a {actor.GetType()} failed");
        }
    }

    private ActorInitializationException CreationFailure(Exception cause) =>
        new(_self, $"Exception during creation of {_self} ({Props.Type}): {cause.Message}", cause);

    private void PublishError(Exception cause, string text) =>
        SystemImpl.EventStream.Publish(new Error(cause, _self.Path.ToString(), _actor?.GetType() ?? Props.Type, text));
}
