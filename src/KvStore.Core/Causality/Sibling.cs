using KvStore.Core.Identity;

namespace KvStore.Core.Causality;

/// <summary>
/// One version of an object: a value or a tombstone, under the dot that names its write. Immutable. Two siblings with one dot
/// are the same write; only an expired one may have lost its bytes since.
/// </summary>
public sealed class Sibling
{
    private Sibling(Dot dot, ReadOnlyMemory<byte> value, bool isTombstone)
    {
        Invariant.Check(dot.Counter > 0);
        (Dot, Value, IsTombstone) = (dot, value, isTombstone);
    }

    /// <summary>The write that made it.</summary>
    public Dot Dot { get; }

    /// <summary>The bytes; empty in a tombstone.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Whether it says "deleted".</summary>
    public bool IsTombstone { get; }

    /// <summary>The client operation that made it: two dots with one id are shown as one sibling.</summary>
    public RequestId Request { get; init; }

    /// <summary>
    /// When it was made. Decides in an <c>lww</c> bucket; elsewhere it only says which sibling is the latest, to doors that can show but one.
    /// </summary>
    public HybridTimestamp Timestamp { get; init; }

    /// <summary>When it stops being shown, in milliseconds since 1970 (UTC); 0 for never.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>A version with a value.</summary>
    public static Sibling OfValue(Dot dot, ReadOnlyMemory<byte> value) => new(dot, value, isTombstone: false);

    /// <summary>A version that says "deleted".</summary>
    public static Sibling Tombstone(Dot dot) => new(dot, default, isTombstone: true);

    /// <summary>
    /// Whether nobody is shown it any more: a tombstone, or past its expiry. Expiry travels with the version and is judged
    /// alike everywhere, and what is expired keeps its dot, so that replicas which notice at different times stay equal.
    /// </summary>
    public bool IsDeadAt(long wallMilliseconds) => IsTombstone || (ExpiresAt != 0 && ExpiresAt <= wallMilliseconds);

    /// <summary>The same version with these particulars.</summary>
    public Sibling With(RequestId request, HybridTimestamp timestamp, long expiresAt) =>
        new(Dot, Value, IsTombstone) { Request = request, Timestamp = timestamp, ExpiresAt = expiresAt };

    /// <summary>The same version without the bytes that nobody is shown any more.</summary>
    public Sibling AsTombstone() =>
        IsTombstone ? this : Tombstone(Dot).With(Request, Timestamp, ExpiresAt);

    public override string ToString() => IsTombstone ? $"{Dot}=tombstone" : $"{Dot}={Value.Length} B";
}
