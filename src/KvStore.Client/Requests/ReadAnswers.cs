using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Wire;

namespace KvStore.Client.Requests;

/// <summary>How a read's last answer is put to the application. Pure.</summary>
internal static class ReadAnswers
{
    public static ReadResult Of(Verdict? last, int attempts, ConflictPolicy policy, long wallMilliseconds) => last?.Answer switch
    {
        ClientProtocol.GetDone { Result: GetResult.Done } done => Known(done, attempts, policy, wallMilliseconds),
        ClientProtocol.GetDone { Result: GetResult.QuorumImpossible } get => new ReadResult
        {
            Status = ReadStatus.QuorumImpossible,
            Tally = get.Tally,
            Attempts = attempts,
            Problem = $"Too few replicas can answer ({get.Tally}). Try again, or ask for fewer of them.",
        },
        ClientProtocol.GetDone get => new ReadResult
        {
            Status = ReadStatus.Timeout,
            Tally = get.Tally,
            Attempts = attempts,
            Problem = $"Too few replicas answered in time ({get.Tally}). Try again.",
        },
        ClientProtocol.Busy => new ReadResult
        {
            Status = ReadStatus.Busy,
            Attempts = attempts,
            Problem = "The nodes have as much under way as they take. Try again a little later.",
        },
        ClientProtocol.BadRequest bad => new ReadResult { Status = ReadStatus.Refused, Attempts = attempts, Problem = bad.Text },
        _ => new ReadResult { Status = ReadStatus.Timeout, Attempts = attempts, Problem = "No node answered in time. Try again." },
    };

    public static ReadResult NotConnected() => new()
    {
        Status = ReadStatus.QuorumImpossible,
        Problem = NotConnectedYet.Text,
    };

    public static ReadResult Busy() => new()
    {
        Status = ReadStatus.Busy,
        Problem = "This client has as many requests under way as it takes (MaxInFlight). Nothing was sent; try again a little later.",
    };

    public static ReadResult BehindSession(ReadResult got) => got with
    {
        Status = ReadStatus.BehindSession,
        Siblings = [],
        Problem = "This session has seen something newer than the replicas that could be asked have. Try again, or read without the session. "
            + got.Problem,
    };

    private static ReadResult Known(ClientProtocol.GetDone done, int attempts, ConflictPolicy policy, long wallMilliseconds)
    {
        var shown = SiblingView.Shown(done.State, policy, wallMilliseconds);
        return new ReadResult
        {
            Status = shown.Count == 0 ? ReadStatus.Absent : ReadStatus.Found,
            Siblings = [.. shown.Select(sibling => sibling.Value)],
            Context = CausalToken.FromBytes(done.Context),
            Tally = done.Tally,
            Attempts = attempts,
        };
    }
}
