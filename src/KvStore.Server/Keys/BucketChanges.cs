using Akka.Actor;
using KvStore.Core.Buckets;
using KvStore.Node.Membership;

namespace KvStore.Server.Keys;

/// <summary>How a door changes buckets: through this node's ring owner. Any thread.</summary>
public sealed class BucketChanges(IActorRef ringOwner)
{
    /// <summary>Longer than the ring's owner waits for a majority, and for the others to follow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Null when it is done, and every node that can be reached follows.</summary>
    public async Task<Problem?> Make(BucketChange change, CancellationToken cancelled)
    {
        try
        {
            var answer = await ringOwner.Ask<RingCommands.Answered>(new RingCommands.ChangeBucket(change), Patience, cancelled);
            return answer.Outcome switch
            {
                RingCommands.Outcome.Done => null,
                RingCommands.Outcome.Refused => Problem.Wrong(answer.Words),
                _ => new Problem("UNKNOWN", answer.Words),
            };
        }
        catch (AskTimeoutException)
        {
            return new Problem("UNKNOWN", "no answer in time; the change may still be decided, look before trying again");
        }
    }
}
