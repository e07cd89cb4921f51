using System.Diagnostics.CodeAnalysis;
using KvStore.Core.Placement;

namespace KvStore.Core.Coordination;

/// <summary>
/// How many replicas an operation needs. A write goes to N and answers at W, a read answers at R; PR and PW of those must be primaries,
/// DW must have the write on disk. While a partition moves, each number holds for the old and for the new owners.
/// <para>Invariant: 1 ≤ R, W ≤ N; 0 ≤ PR, PW, DW ≤ N. R + W > N makes a strict read see every acknowledged strict write.</para>
/// </summary>
public sealed record Quorum
{
    /// <summary>The most replicas of a key.</summary>
    public const int MaxN = Ring.MaxReplicas;

    /// <summary>
    /// Three replicas, two of them for a read or a write, sloppy, acknowledged as durable as the node's sync mode says.
    /// </summary>
    public static readonly Quorum Default = new() { N = 3, R = 2, W = 2 };

    private Quorum()
    {
    }

    /// <summary>How many replicas keep the key.</summary>
    public int N { get; private init; }

    /// <summary>How many answers a read needs.</summary>
    public int R { get; private init; }

    /// <summary>How many acknowledgements a write needs.</summary>
    public int W { get; private init; }

    /// <summary>How many of a read's answers must come from primaries.</summary>
    public int PR { get; private init; }

    /// <summary>How many of a write's acknowledgements must come from primaries.</summary>
    public int PW { get; private init; }

    /// <summary>How many of a write's acknowledgements must come from disk.</summary>
    public int DW { get; private init; }

    /// <summary>Whether a fallback may stand in for a primary; else only primaries are asked and counted.</summary>
    public bool Sloppy { get; private init; } = true;

    /// <summary>Whether every strict read meets every strict write in some replica.</summary>
    public bool Overlaps => R + W > N;

    /// <exception cref="ArgumentException">The numbers break the invariant; the message says which.</exception>
    public static Quorum Create(int n, int r, int w, int pr = 0, int pw = 0, int dw = 0, bool sloppy = true) =>
        TryCreate(n, r, w, pr, pw, dw, sloppy, out var quorum, out var error) ? quorum : throw new ArgumentException(error);

    /// <summary>Of N copies a majority for reads, and one for writes.</summary>
    /// <exception cref="ArgumentException">N is none that may be.</exception>
    public static Quorum OfMajorities(int n, bool sloppy = true) => Create(n, n / 2 + 1, n / 2 + 1, sloppy: sloppy);

    /// <summary>Checks the numbers; <paramref name="error"/> says which is wrong and what it may be.</summary>
    [SuppressMessage("Design", "CA1021", Justification = "Seven small numbers that are checked together.")]
    public static bool TryCreate(
        int n, int r, int w, int pr, int pw, int dw, bool sloppy,
        [NotNullWhen(true)] out Quorum? quorum,
        [NotNullWhen(false)] out string? error)
    {
        error = n is < 1 or > MaxN ? $"N is {n}; it may be 1 to {MaxN}."
            : OutOfRange("R", r, 1, n) ?? OutOfRange("W", w, 1, n)
            ?? OutOfRange("PR", pr, 0, n) ?? OutOfRange("PW", pw, 0, n) ?? OutOfRange("DW", dw, 0, n);
        quorum = error is null ? new Quorum { N = n, R = r, W = w, PR = pr, PW = pw, DW = dw, Sloppy = sloppy } : null;
        return quorum is not null;
    }

    /// <summary>
    /// The numbers of one request: those it asks for, or else these. It may ask fewer replicas than keep the key, never more: the
    /// others' copies would be nobody's to repair.
    /// </summary>
    [SuppressMessage("Design", "CA1021", Justification = "The pattern of TryCreate.")]
    public bool TryReplaceBy(Quorum? asked, out Quorum quorum, [NotNullWhen(false)] out string? error)
    {
        error = asked is { } other && other.N > N ? $"N is {other.N}, but only {N} replicas keep the key. Nothing was done." : null;
        quorum = asked ?? this;
        return error is null;
    }

    private static string? OutOfRange(string name, int value, int low, int n) =>
        value < low || value > n ? $"{name} is {value}; with N = {n} it may be {low} to {n}." : null;
}
