using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The reference of an actor in this process.</summary>
public class LocalActorRef : ActorRefWithCell
{
    private readonly ActorPath _path;

    internal LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, MailboxType mailboxType,
        IInternalActorRef supervisor, ActorPath path)
    {
        _path = path;
        Cell = NewActorCell(system, props, dispatcher, supervisor);
        Cell.Init(mailboxType);
    }

    public override ActorPath Path => _path;

    public override IActorRefProvider Provider => Cell.SystemImpl.Provider;

    public override IInternalActorRef Parent => Cell.Parent;

    public override IEnumerable<IActorRef> Children => Cell.GetChildren();

    public override bool IsLocal => true;

    public override bool IsTerminated => Cell.IsTerminated;

    internal ActorCell Cell { get; }

    public override IInternalActorRef GetSingleChild(string name) => Cell.GetSingleChild(name);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        IInternalActorRef current = this;
        for (var i = 0; i < name.Count; i++)
        {
            if (name[i].Length == 0) continue;
            if (current is not ActorRefWithCell withCell) return current.GetChild([.. name.Skip(i)]);
            current = name[i] == ".." ? withCell.Parent : withCell.GetSingleChild(name[i]);
            if (current.IsNobody()) return current;
        }

        return current;
    }

    public override void Start() => Cell.Start();

    public override void Suspend() => Cell.Suspend();

    public override void Resume(Exception? causedByFailure = null) => Cell.Resume(causedByFailure);

    public override void Restart(Exception cause) => Cell.Restart(cause);

    public override void Stop() => Cell.Stop();

    public override void SendSystemMessage(ISystemMessage message) => Cell.SendSystemMessage((SystemMessage)message);

    internal virtual ActorCell NewActorCell(ActorSystemImpl system, Props props, MessageDispatcher dispatcher,
        IInternalActorRef supervisor) => new(system, this, props, dispatcher, supervisor);

    protected override void TellInternal(object message, IActorRef? sender) => Cell.SendMessage(message, sender);
}
