using Akka.Actor;
using KvStore.Core.Identity;

namespace KvStore.Client.Requests;

/// <summary>A call under way. Owned by the <see cref="Connection.ClientActor"/>.</summary>
internal sealed class PendingCall(ClientCall call, RequestId id, IActorRef asker, TimeSpan began, TimeSpan deadline, RequestRun run)
{
    public ClientCall Call { get; set; } = call;

    public RequestId Id { get; } = id;

    public IActorRef Asker { get; } = asker;

    public TimeSpan Began { get; } = began;

    public TimeSpan Deadline { get; } = deadline;

    public RequestRun Run { get; set; } = run;

    /// <summary>Attempts of runs before this one.</summary>
    public int AttemptsBefore { get; set; }

    /// <summary>As it was asked for, before more replicas were.</summary>
    public ClientCall FirstCall { get; } = call;

    /// <summary>Whether an answer was behind the session.</summary>
    public bool IsBehind { get; set; }

    /// <summary>How often the way through the replicas was begun again.</summary>
    public int Rounds { get; set; }

    public int Attempts => AttemptsBefore + Run.Attempts;
}
