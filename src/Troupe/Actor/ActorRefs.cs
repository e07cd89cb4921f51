namespace Akka.Actor;

public static class ActorRefs
{
    public static readonly Nobody Nobody = Nobody.Instance;

    /// <summary>No sender: the receiver sees the dead letters as <c>Sender</c>.</summary>
    public static readonly IActorRef NoSender = null!;
}
