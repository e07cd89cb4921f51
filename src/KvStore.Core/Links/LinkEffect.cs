namespace KvStore.Core.Links;

/// <summary>What a <see cref="PeerLink{TAsk}"/> wants done. A closed set; whoever drives the link carries each out in order.</summary>
/// <typeparam name="TAsk">What the driver keeps of a question until it is answered.</typeparam>
public abstract record LinkEffect<TAsk>
{
    private LinkEffect()
    {
    }

    /// <summary>Send the peer our greeting.</summary>
    public sealed record Greet : LinkEffect<TAsk>;

    /// <summary>Tell the peer that it is welcome, and who we are.</summary>
    public sealed record Welcome : LinkEffect<TAsk>;

    /// <summary>Tell the process that greeted that it is not welcome, and why; for good: it and its data are to stay out.</summary>
    public sealed record Refuse(ulong Process, bool IsForGood, string Reason) : LinkEffect<TAsk>;

    /// <summary>Tell the peer that this process knows nothing of it: it must greet first.</summary>
    public sealed record AskWho : LinkEffect<TAsk>;

    /// <summary>Send a batch.</summary>
    public sealed record Send(LinkBatch Batch) : LinkEffect<TAsk>;

    /// <summary>Call OnGathered after this long.</summary>
    public sealed record StartGather(TimeSpan After) : LinkEffect<TAsk>;

    /// <summary>
    /// Call OnSoon once whatever is waiting for the driver already has been dealt with: it goes in the same batch, and an answer takes the
    /// acknowledgement along.
    /// </summary>
    public sealed record SendSoon : LinkEffect<TAsk>
    {
        public static readonly SendSoon Instance = new();
    }

    /// <summary>A message for this node; answer a question with Answer.</summary>
    public sealed record Deliver(LinkItemKind Kind, LinkQuestion Question, ReadOnlyMemory<byte> Body) : LinkEffect<TAsk>;

    /// <summary>Too many questions of this peer are unanswered: answer this one with a refusal at once.</summary>
    public sealed record Overload(LinkQuestion Question, ReadOnlyMemory<byte> Body) : LinkEffect<TAsk>;

    /// <summary>A question was answered.</summary>
    public sealed record Answered(TAsk Ask, ReadOnlyMemory<byte> Body) : LinkEffect<TAsk>;

    /// <summary>
    /// A question will not be answered on this line: it never went out, and surely had no effect, or it did
    /// (<paramref name="WasSent"/>), and may have had.
    /// </summary>
    public sealed record Failed(TAsk Ask, bool WasSent) : LinkEffect<TAsk>;

    /// <summary>The peer has greeted back: the line is open.</summary>
    public sealed record Opened(PeerIdentity Peer) : LinkEffect<TAsk>;

    /// <summary>The line is not open any more, or the peer does not greet back; why, in words.</summary>
    public sealed record Closed(string Reason) : LinkEffect<TAsk>;

    /// <summary>The peer has turned this process away for good: it must not speak for its node any more, and nor must its data.</summary>
    public sealed record TurnedAway(string Reason) : LinkEffect<TAsk>;

    /// <summary>So many messages were dropped because nobody waits for them any more; not one of them touched a disk.</summary>
    public sealed record Expired(int Items, bool WereSent) : LinkEffect<TAsk>;
}
