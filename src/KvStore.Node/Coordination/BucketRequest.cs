using Akka.Actor;
using KvStore.Node.Membership;
using KvStore.Wire;

namespace KvStore.Node.Coordination;

/// <summary>
/// One change of a bucket for a client: has this node's ring owner propose it, and puts its answer into a message. Parent: the coordinator;
/// lives for one request.
/// </summary>
public sealed class BucketRequest : ReceiveActor
{
    /// <summary>Longer than the ring's owner waits for a majority, and for the others to follow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public BucketRequest(IActorRef ringOwner, ClientProtocol.ChangeBucket request, IActorRef client)
    {
        Receive<RingCommands.Answered>(answer =>
        {
            client.Tell(new ClientProtocol.BucketChanged(request.Request, OutcomeOf(answer.Outcome), answer.Words, answer.Epoch));
            Context.Stop(Self);
        });
        Receive<ReceiveTimeout>(_ => Context.Stop(Self)); // the client's own deadline says that it is unknown
        SetReceiveTimeout(Patience);
        ringOwner.Tell(new RingCommands.ChangeBucket(request.Change));
    }

    public static Props Props(IActorRef ringOwner, ClientProtocol.ChangeBucket request, IActorRef client) =>
        Akka.Actor.Props.Create(() => new BucketRequest(ringOwner, request, client));

    protected override void PostStop() => Context.Parent.Tell(CoordinatorActor.RequestEnded.Instance);

    private static ClientProtocol.BucketOutcome OutcomeOf(RingCommands.Outcome outcome) => outcome switch
    {
        RingCommands.Outcome.Done => ClientProtocol.BucketOutcome.Done,
        RingCommands.Outcome.Refused => ClientProtocol.BucketOutcome.Refused,
        _ => ClientProtocol.BucketOutcome.Unknown,
    };
}
