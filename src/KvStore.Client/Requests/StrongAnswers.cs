using System.Diagnostics;
using KvStore.Core.Registers;
using KvStore.Wire;

namespace KvStore.Client.Requests;

/// <summary>How the last answer about a strong key is put to the application. Pure.</summary>
internal static class StrongAnswers
{
    /// <param name="last">The last answer; null when there was none.</param>
    /// <param name="isRead">Whether nothing was to be changed.</param>
    /// <param name="mayBeApplied">Whether any attempt may have been applied.</param>
    /// <param name="attempts">How many there were.</param>
    public static StrongResult Of(Verdict? last, bool isRead, bool mayBeApplied, int attempts) => last?.Answer switch
    {
        ClientProtocol.RegisterDone { Outcome: RegisterOutcome.Done done } => new StrongResult
        {
            Status = StrongStatus.Done,
            Data = done.Value.Data,
            Version = done.Version,
            Attempts = attempts,
        },
        // After an attempt without an answer, what is met may be what that attempt has left, and others since.
        ClientProtocol.RegisterDone { Outcome: RegisterOutcome.Mismatch mismatch } when !mayBeApplied => new StrongResult
        {
            Status = StrongStatus.Mismatch,
            Data = mismatch.Value.Data,
            Version = mismatch.Value.Version,
            Attempts = attempts,
            Problem = $"The key has version {mismatch.Value.Version}. Nothing was changed; decide again.",
        },
        var answer => new StrongResult
        {
            Status = mayBeApplied && !isRead ? StrongStatus.Unknown : StrongStatus.NotDone,
            Attempts = attempts,
            Problem = $"{Why(answer)} {After(isRead, mayBeApplied)}",
        },
    };

    public static StrongResult NotConnected() => new()
    {
        Status = StrongStatus.NotDone,
        Problem = NotConnectedYet.Text,
    };

    public static StrongResult Busy() => new()
    {
        Status = StrongStatus.NotDone,
        Problem = "This client has as many requests under way as it takes (MaxInFlight). Nothing was sent; try again a little later.",
    };

    private static string After(bool isRead, bool mayBeApplied) => isRead
        ? "Nothing is known of the key; try again."
        : mayBeApplied ? "The change may or may not be applied; read the key to find out." : "Nothing was changed.";

    private static string Why(IWireMessage? answer) => answer switch
    {
        ClientProtocol.RegisterDone { Outcome: RegisterOutcome.NotDone not } => Why(not.Reason),
        ClientProtocol.RegisterDone { Outcome: RegisterOutcome.Unknown unknown } => Why(unknown.Reason),
        ClientProtocol.RegisterDone { Outcome: RegisterOutcome.Mismatch mismatch } =>
            $"The key has version {mismatch.Value.Version}, and an earlier attempt was not answered for.",
        ClientProtocol.Busy => "The nodes have as much under way as they take; try again a little later.",
        ClientProtocol.BadRequest bad => bad.Text,
        _ => "No node answered in time.",
    };

    private static string Why(RegisterFailure reason) => reason switch
    {
        RegisterFailure.NoMajority => "No majority of the key's replicas answered in time.",
        RegisterFailure.Contention => "Other clients were faster until the deadline.",
        RegisterFailure.StaleRing => "The ring has just changed.",
        RegisterFailure.TooManyChangesSince => "The key has had too many changes to tell whether an earlier attempt was one of them.",
        _ => throw new UnreachableException(),
    };
}
