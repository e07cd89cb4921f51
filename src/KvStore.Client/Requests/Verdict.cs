using KvStore.Core.Coordination;
using KvStore.Core.Registers;
using KvStore.Wire;

namespace KvStore.Client.Requests;

/// <summary>What one node's answer means for the request.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="IsFinal">Whether asking another node would change nothing.</param>
/// <param name="MayBeApplied">Whether the write may be there although it is not done.</param>
internal sealed record Verdict(IWireMessage Answer, bool IsFinal, bool MayBeApplied)
{
    /// <summary>Null for what is no answer to a request.</summary>
    public static Verdict? Of(IWireMessage answer) => answer switch
    {
        ClientProtocol.GetDone get => new Verdict(get, get.Result == GetResult.Done, MayBeApplied: false),
        ClientProtocol.PutDone put => new Verdict(put, IsFinalWrite(put), put.Result == PutResult.Unknown),
        ClientProtocol.RegisterDone register => new Verdict(
            register, IsFinalChange(register.Outcome), register.Outcome is RegisterOutcome.Unknown),
        ClientProtocol.BucketChanged bucket => new Verdict(
            bucket, IsFinal: true, bucket.Outcome == ClientProtocol.BucketOutcome.Unknown),
        ClientProtocol.Busy busy => new Verdict(busy, IsFinal: false, MayBeApplied: false),
        ClientProtocol.BadRequest bad => new Verdict(bad, IsFinal: true, MayBeApplied: false),
        _ => null,
    };

    /// <summary>Whether a change was made long ago nobody can tell any more: another node would make it once again.</summary>
    private static bool IsFinalChange(RegisterOutcome outcome) => outcome is RegisterOutcome.Done or RegisterOutcome.Mismatch
        or RegisterOutcome.Unknown { Reason: RegisterFailure.TooManyChangesSince };

    private static bool IsFinalWrite(ClientProtocol.PutDone put) => put.Result == PutResult.Done
        || (put is { Result: PutResult.NotDone, Reason: PutReason.Refused }
            && put.Refusal is Refusal.TooManySiblings or Refusal.TooLarge or Refusal.ContextFromFuture);
}
