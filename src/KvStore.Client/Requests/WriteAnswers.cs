using KvStore.Core.Coordination;
using KvStore.Wire;

namespace KvStore.Client.Requests;

/// <summary>How a write's last answer is put to the application. Pure.</summary>
internal static class WriteAnswers
{
    /// <param name="last">The last answer; null when there was none.</param>
    /// <param name="mayBeApplied">Whether any attempt may have been applied.</param>
    /// <param name="isRepeatable">Whether writing it twice comes to the same as writing it once.</param>
    /// <param name="attempts">How many there were.</param>
    public static WriteResult Of(Verdict? last, bool mayBeApplied, bool isRepeatable, int attempts)
    {
        if (last?.Answer is ClientProtocol.PutDone { Result: PutResult.Done } done)
        {
            return new WriteResult
            {
                Status = WriteStatus.Done,
                Context = CausalToken.FromBytes(done.Context),
                Tally = done.Tally,
                Attempts = attempts,
            };
        }
        var why = Why(last?.Answer);
        return new WriteResult
        {
            Status = mayBeApplied ? WriteStatus.Unknown : WriteStatus.NotDone,
            Tally = (last?.Answer as ClientProtocol.PutDone)?.Tally ?? default,
            Attempts = attempts,
            Problem = !mayBeApplied ? $"{why} Nothing was written."
                : isRepeatable ? $"{why} The write may or may not be applied; writing it again is safe."
                : $"{why} The write may or may not be applied; read the key to find out.",
        };
    }

    public static WriteResult NotConnected() => new()
    {
        Status = WriteStatus.NotDone,
        Problem = NotConnectedYet.Text,
    };

    public static WriteResult Busy() => new()
    {
        Status = WriteStatus.NotDone,
        Problem = "This client has as many requests under way as it takes (MaxInFlight). Nothing was sent; try again a little later.",
    };

    private static string Why(IWireMessage? answer) => answer switch
    {
        ClientProtocol.PutDone { Reason: PutReason.Refused } put => put.Refusal switch
        {
            Refusal.TooManySiblings => "The key has too many siblings: read it, merge them, and write with the context.",
            Refusal.TooLarge => "The value with all its siblings is too large.",
            Refusal.ContextFromFuture => "The context knows writes that never were: it is of another history of this data. Read the key again.",
            var refusal => $"The coordinating replica refused ({refusal}).",
        },
        ClientProtocol.PutDone { Reason: PutReason.QuorumImpossible } put => $"Too few replicas can be reached ({put.Tally}).",
        ClientProtocol.PutDone put => $"Too few replicas answered in time ({put.Tally}).",
        ClientProtocol.Busy => "The nodes have as much under way as they take; try again a little later.",
        ClientProtocol.BadRequest bad => bad.Text,
        _ => "No node answered in time.",
    };
}
