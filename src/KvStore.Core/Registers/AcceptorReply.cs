namespace KvStore.Core.Registers;

/// <summary>An acceptor's answer to one message of one ballot.</summary>
public abstract record AcceptorReply<TValue>(Ballot Ballot)
    where TValue : class
{
    /// <summary>The ballot is promised; this is what was accepted before, if anything.</summary>
    public sealed record Promised(Ballot Ballot, Ballot AcceptedAt, TValue? Value) : AcceptorReply<TValue>(Ballot);

    /// <summary>The value is accepted.</summary>
    public sealed record Accepted(Ballot Ballot) : AcceptorReply<TValue>(Ballot);

    /// <summary>A higher ballot was promised.</summary>
    public sealed record Rejected(Ballot Ballot, Ballot Highest) : AcceptorReply<TValue>(Ballot);
}
