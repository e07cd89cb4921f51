using System.Diagnostics;
using KvStore.Core.Coordination;
using KvStore.Core.Registers;
using KvStore.Wire;

namespace KvStore.Server.Keys;

/// <summary>A coordinator's refusals and failures, in words for a door's client.</summary>
internal static class Problems
{
    private static readonly Problem Busy =
        new("BUSY", "this node has as many requests under way as it takes; nothing was done, try again or another node");

    private const string NoAnswer = "no answer in time";

    /// <summary>Why a read has no result. Null stands for no answer at all.</summary>
    public static Problem OfRead(IWireMessage? answer) => answer switch
    {
        null => new Problem("TRYAGAIN", $"{NoAnswer}; nothing is known of the key"),
        ClientProtocol.GetDone done => new Problem("TRYAGAIN", $"too few replicas answered ({done.Tally}); nothing is known of the key"),
        _ => Common(answer),
    };

    /// <summary>Null when the write is applied.</summary>
    /// <param name="answer">The coordinator's; null stands for no answer at all.</param>
    /// <param name="isRepeatable">Whether writing it twice comes to the same as writing it once.</param>
    public static Problem? OfWrite(IWireMessage? answer, bool isRepeatable) => answer switch
    {
        null => new Problem("UNKNOWN", $"{NoAnswer}; {PerhapsApplied(isRepeatable)}"),
        ClientProtocol.PutDone { Result: PutResult.Done } => null,
        ClientProtocol.PutDone { Result: PutResult.NotDone } done => NotApplied(done),
        ClientProtocol.PutDone done => new Problem("UNKNOWN", $"{Why(done)} ({done.Tally}); {PerhapsApplied(isRepeatable)}"),
        _ => Common(answer),
    };

    /// <summary>Null when the operation on a strong key is done.</summary>
    public static Problem? OfRegister(IWireMessage? answer) => answer switch
    {
        null => new Problem("UNKNOWN", $"{NoAnswer}; a change may or may not be applied: read the key to find out"),
        ClientProtocol.RegisterDone { Outcome: RegisterOutcome.Done } => null,
        ClientProtocol.RegisterDone { Outcome: RegisterOutcome.NotDone not } => new Problem("TRYAGAIN", $"{Why(not.Reason)}; nothing was changed"),
        ClientProtocol.RegisterDone { Outcome: RegisterOutcome.Unknown unknown } => new Problem(
            "UNKNOWN", $"{Why(unknown.Reason)}; the change may or may not be applied: read the key to find out"),
        ClientProtocol.RegisterDone { Outcome: RegisterOutcome.Mismatch } => new Problem(
            "MISMATCH", "the key is not what was expected; nothing was changed, read it and decide again"),
        _ => Common(answer),
    };

    /// <summary>Why a listing has no result. Null stands for no answer at all.</summary>
    public static Problem OfListing(IWireMessage? answer) => answer switch
    {
        null => new Problem("TRYAGAIN", $"{NoAnswer}; the keys were not listed"),
        ClientProtocol.KeysListed => new Problem(
            "TRYAGAIN", "too few replicas of some keys can say which there are; nothing was listed, try again"),
        _ => Common(answer),
    };

    private static Problem Common(IWireMessage answer) => answer switch
    {
        ClientProtocol.Busy => Busy,
        ClientProtocol.BadRequest bad => Problem.Wrong(bad.Text),
        _ => throw new UnreachableException($"{answer.GetType().Name} is no answer to a door."),
    };

    private static string PerhapsApplied(bool isRepeatable) => isRepeatable
        ? "the write may or may not be applied, writing it again is safe"
        : "the write may or may not be applied: read the key to find out";

    private static Problem NotApplied(ClientProtocol.PutDone done) => done.Refusal switch
    {
        Refusal.TooManySiblings => Problem.Wrong(
            "the key has as many siblings as it may have; the write was not applied. Read it (KV.GET), merge, and write with that context."),
        Refusal.TooLarge => Problem.Wrong(
            "the key with all its siblings would be too large; the write was not applied. Read it (KV.GET), merge, and write with that context."),
        Refusal.ContextFromFuture => Problem.Wrong(
            "the causal context knows writes that never were; the write was not applied. Read the key again and use that answer's context."),
        _ => new Problem("TRYAGAIN", $"{Why(done)}; the write was not applied, try again"),
    };

    private static string Why(ClientProtocol.PutDone done) => done.Reason switch
    {
        PutReason.QuorumImpossible => "too few replicas can be reached",
        PutReason.Timeout => "too few replicas acknowledged in time",
        PutReason.Refused => $"the coordinating replica refused ({done.Refusal})",
        _ => throw new UnreachableException(),
    };

    private static string Why(RegisterFailure reason) => reason switch
    {
        RegisterFailure.NoMajority => "no majority of the key's replicas answered in time",
        RegisterFailure.Contention => "other clients were faster until the deadline",
        RegisterFailure.StaleRing => "the ring has just changed",
        RegisterFailure.TooManyChangesSince => "the key has had too many changes to tell whether the first try was one of them",
        _ => throw new UnreachableException(),
    };
}
