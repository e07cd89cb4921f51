using KvStore.Core.Coordination;

namespace KvStore.Client.Sessions;

/// <summary>
/// How a read goes on whose answer has shown less than its session has seen: one replica more each time, and at last all owners, strictly. What the
/// session has seen is on some of them, so that the next one asked will as a rule have it, and no single one is waited for before it must. Pure.
/// </summary>
internal static class SessionLadder
{
    /// <summary>How often the whole way is gone again where some owners did not answer: what one of them lacks is on its way to it.</summary>
    public const int MaxRounds = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    /// <summary>What to ask for next; null when all owners were asked.</summary>
    /// <param name="asked">The numbers of the answer.</param>
    /// <param name="copies">How many owners the key has.</param>
    public static Quorum? Next(Quorum asked, int copies)
    {
        if (asked.R >= copies) return asked.Sloppy ? All(copies) : null;
        return asked.R + 1 == copies
            ? All(copies)
            : Quorum.Create(asked.N, Math.Min(asked.N, asked.R + 1), asked.W, asked.PR, asked.PW, asked.DW, asked.Sloppy);
    }

    /// <summary>The pause before the way is gone again.</summary>
    public static TimeSpan Pause(int round) => FirstPause * Math.Pow(2, round);

    private static Quorum All(int copies) => Quorum.Create(copies, copies, copies / 2 + 1, sloppy: false);
}
