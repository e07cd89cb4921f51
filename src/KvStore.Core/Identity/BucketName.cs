using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace KvStore.Core.Identity;

/// <summary>
/// The name of a bucket (a set of keys with one conflict rule and one set of quorums): 1 to 64 characters out of
/// <c>a-z 0-9 . _ -</c>, beginning with a letter or a digit. Names that begin with <c>kv.</c> are the store's own.
/// </summary>
public readonly record struct BucketName : IComparable<BucketName>
{
    /// <summary>The longest name, in characters (each is one byte).</summary>
    public const int MaxLength = 64;

    /// <summary>Where keys go when a door names no bucket.</summary>
    public static readonly BucketName Default = new("default");

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly string? _value;

    private BucketName(string value) => _value = value;

    /// <summary>The name; that of <see cref="Default"/> for <c>default(BucketName)</c>.</summary>
    public string Value => _value ?? Default.Value;

    /// <summary>Whether the name is one that the store keeps for itself.</summary>
    public bool IsReserved => Value.StartsWith("kv.", StringComparison.Ordinal);

    /// <exception cref="ArgumentException">The text is no bucket name; the message says why.</exception>
    public static BucketName Create(string text) =>
        TryCreate(text, out var name, out var error) ? name : throw new ArgumentException(error, nameof(text));

    /// <summary>Checks and wraps a name; <paramref name="error"/> says what is wrong with it and what would be right.</summary>
    public static bool TryCreate(string? text, out BucketName name, [NotNullWhen(false)] out string? error)
    {
        name = Default;
        error = null;
        if (text is not { Length: >= 1 and <= MaxLength })
            error = $"A bucket name has 1 to {MaxLength} characters; this one has {text?.Length ?? 0}.";
        else if (!char.IsAsciiLetterLower(text[0]) && !char.IsAsciiDigit(text[0]))
            error = "A bucket name begins with a lower-case letter or a digit.";
        else if (text.AsSpan().ContainsAnyExcept(Allowed))
            error = "A bucket name consists of lower-case letters, digits, '.', '_' and '-'.";
        else
            name = new BucketName(text);
        return error is null;
    }

    public bool Equals(BucketName other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    public int CompareTo(BucketName other) => string.CompareOrdinal(Value, other.Value);

    public static bool operator <(BucketName a, BucketName b) => a.CompareTo(b) < 0;

    public static bool operator >(BucketName a, BucketName b) => a.CompareTo(b) > 0;

    public static bool operator <=(BucketName a, BucketName b) => a.CompareTo(b) <= 0;

    public static bool operator >=(BucketName a, BucketName b) => a.CompareTo(b) >= 0;

    public override string ToString() => Value;
}
