using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace KvStore.Core.Identity;

/// <summary>
/// A key within its bucket: 1 to 2,048 bytes of anything. Equality and order are those of the bytes (unsigned, shorter first on
/// a common prefix), which is also the order in which a partition is kept and streamed. The bytes are never changed.
/// </summary>
public readonly record struct Key : IComparable<Key>
{
    /// <summary>The longest key, in bytes.</summary>
    public const int MaxLength = 2048;

    private readonly ReadOnlyMemory<byte> _bytes;

    private Key(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>The bytes; empty only in <c>default(Key)</c>, which stands before every key.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>How many bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>Whether this is <c>default(Key)</c>, which is no key.</summary>
    public bool IsNone => _bytes.IsEmpty;

    /// <summary>A key of the UTF-8 bytes of a text.</summary>
    /// <exception cref="ArgumentException">Empty or too long.</exception>
    public static Key Of(string text) => Create(Encoding.UTF8.GetBytes(text));

    /// <exception cref="ArgumentException">Empty or too long; the message says which.</exception>
    public static Key Create(ReadOnlyMemory<byte> bytes) =>
        TryCreate(bytes, out var key, out var error) ? key : throw new ArgumentException(error, nameof(bytes));

    /// <summary>
    /// Checks and wraps bytes without copying them: the caller hands them over. <paramref name="error"/> says what is wrong.
    /// </summary>
    public static bool TryCreate(ReadOnlyMemory<byte> bytes, out Key key, [NotNullWhen(false)] out string? error)
    {
        error = bytes.Length is >= 1 and <= MaxLength
            ? null
            : $"A key has 1 to {MaxLength} bytes; this one has {bytes.Length}.";
        key = error is null ? new Key(bytes) : default;
        return error is null;
    }

    public bool Equals(Key other) => Span.SequenceEqual(other.Span);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public int CompareTo(Key other) => Span.SequenceCompareTo(other.Span);

    public static bool operator <(Key a, Key b) => a.CompareTo(b) < 0;

    public static bool operator >(Key a, Key b) => a.CompareTo(b) > 0;

    public static bool operator <=(Key a, Key b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Key a, Key b) => a.CompareTo(b) >= 0;

    /// <summary>The text when the bytes are printable ASCII, else hexadecimal after <c>0x</c>.</summary>
    public override string ToString() =>
        Span.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? "0x" + Convert.ToHexStringLower(Span)
            : Encoding.ASCII.GetString(Span);
}
