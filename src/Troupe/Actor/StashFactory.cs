namespace Akka.Actor;

public static class StashFactory
{
    public static IStash CreateStash<T>(this IActorContext context) where T : ActorBase => CreateStash(context, typeof(T));

    public static IStash CreateStash(this IActorContext context, IActorStash actorInstance) =>
        CreateStash(context, actorInstance.GetType());

    public static IStash CreateStash(this IActorContext context, Type actorType)
    {
        var cell = (ActorCell)context;
        var capacity = typeof(IWithUnboundedStash).IsAssignableFrom(actorType)
            ? MessageStash.Unbounded
            : cell.Props.Deploy.StashCapacity != Deploy.NoStashSize
                ? cell.Props.Deploy.StashCapacity
                : cell.SystemImpl.Mailboxes.StashCapacity(cell.Props.Dispatcher, cell.Props.Deploy.Mailbox);
        return new MessageStash(cell, capacity);
    }
}
