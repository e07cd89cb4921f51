using System.Globalization;

namespace KvStore.Core.Identity;

/// <summary>
/// The name of one client operation, kept across its retries: two dots with one request id are one sibling, and a register
/// answers a repeated one with the first result.
/// </summary>
/// <param name="Session">64 random bits drawn once by the client or by the door that speaks for it.</param>
/// <param name="Sequence">Counts that session's operations up from 1.</param>
public readonly record struct RequestId(ulong Session, ulong Sequence) : IComparable<RequestId>
{
    /// <summary>An operation without a name (never one of a client).</summary>
    public static readonly RequestId None;

    /// <summary>Whether this is the absent id.</summary>
    public bool IsNone => Session == 0 && Sequence == 0;

    public int CompareTo(RequestId other) =>
        Session != other.Session ? Session.CompareTo(other.Session) : Sequence.CompareTo(other.Sequence);

    public static bool operator <(RequestId a, RequestId b) => a.CompareTo(b) < 0;

    public static bool operator >(RequestId a, RequestId b) => a.CompareTo(b) > 0;

    public static bool operator <=(RequestId a, RequestId b) => a.CompareTo(b) <= 0;

    public static bool operator >=(RequestId a, RequestId b) => a.CompareTo(b) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Session:x16}-{Sequence}");
}
