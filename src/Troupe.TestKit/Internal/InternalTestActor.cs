using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>
/// The actor behind <see cref="TestKitBase.TestActor"/>: runs the pilot and keeps messages for the test.
/// <para>Owner: one test kit. It runs on the calling thread of whoever sends to it.</para>
/// Invariants:
/// <list type="number">
/// <item>A message is in the inbox exactly once, or was ignored, or was a command to this actor.</item>
/// <item>The inbox keeps the order in which messages were received.</item>
/// </list>
/// </summary>
internal sealed class InternalTestActor(MessageInbox inbox) : ActorBase
{
    private readonly DelegatingSupervisorStrategy _children = new();
    private TestActor.Ignore? _ignore;
    private AutoPilot _autoPilot = AutoPilot.NoAutoPilot;

    protected override SupervisorStrategy SupervisorStrategy() => _children;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case TestActor.SetIgnore set:
                _ignore = set.Ignore;
                return true;
            case TestActor.SetAutoPilot set:
                _autoPilot = set.AutoPilot;
                return true;
            case AcknowledgedWatch watch:
                Context.Watch(watch.Actor);
                watch.Done.TrySetResult(watch.Actor);
                return true;
            case TestActor.Watch watch:
                Context.Watch(watch.Actor);
                return true;
            case AcknowledgedUnwatch unwatch:
                Context.Unwatch(unwatch.Actor);
                unwatch.Done.TrySetResult(unwatch.Actor);
                return true;
            case TestActor.Unwatch unwatch:
                Context.Unwatch(unwatch.Actor);
                return true;
            case AcknowledgedSpawn spawn:
                Create(spawn);
                return true;
            case TestActor.Spawn spawn:
                Sender.Tell(Spawn(spawn), Self);
                return true;
            default:
                Keep(message);
                return true;
        }
    }

    /// <summary>Whoever waits on messages that nobody took learns of it as of any other dead letter.</summary>
    protected override void PostStop()
    {
        while (inbox.TakeOrNull() is { } left)
        {
            if (left.Message is { } message)
            {
                Context.System.DeadLetters.Tell(new DeadLetter(message, left.Sender, Self), Self);
            }
        }
    }

    private void Keep(object message)
    {
        var next = _autoPilot.Run(Sender, message);
        if (next is not KeepRunning)
        {
            _autoPilot = next;
        }
        if (_ignore is null || !_ignore(message))
        {
            inbox.Add(new RealMessageEnvelope(message, Sender));
        }
    }

    private void Create(AcknowledgedSpawn spawn)
    {
        try
        {
            spawn.Done.TrySetResult(Spawn(spawn));
        }
        catch (InvalidActorNameException e)
        {
            spawn.Done.TrySetException(e);
        }
    }

    private IActorRef Spawn(TestActor.Spawn spawn)
    {
        var child = spawn.Apply(Context);
        if (spawn.Strategy.HasValue)
        {
            _children.Update(child, spawn.Strategy.Value);
        }
        return child;
    }
}

/// <summary>A watch that says when it is in place.</summary>
internal sealed class AcknowledgedWatch(IActorRef actor) : TestActor.Watch(actor)
{
    public TaskCompletionSource<IActorRef> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>An unwatch that says when it has taken effect.</summary>
internal sealed class AcknowledgedUnwatch(IActorRef actor) : TestActor.Unwatch(actor)
{
    public TaskCompletionSource<IActorRef> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A spawn that completes a task with the child, or with why it could not be created.</summary>
internal sealed class AcknowledgedSpawn(Props props, Util.Option<string> name, Util.Option<SupervisorStrategy> strategy)
    : TestActor.Spawn(props, name, strategy)
{
    public TaskCompletionSource<IActorRef> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
