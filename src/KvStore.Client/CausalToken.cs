namespace KvStore.Client;

/// <summary>
/// What its holder has seen of one key, sealed by the cluster. A write that carries it supersedes exactly that. It comes with an answer
/// and goes back with a write to the same key; what is in it is the cluster's business. Immutable.
/// </summary>
public readonly struct CausalToken : IEquatable<CausalToken>
{
    /// <summary>Nothing has been seen: a write with it supersedes nothing, and becomes a sibling of what there is.</summary>
    public static readonly CausalToken None;

    private readonly ReadOnlyMemory<byte> _bytes;

    private CausalToken(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>Whether nothing has been seen.</summary>
    public bool IsNone => _bytes.IsEmpty;

    /// <summary>The bytes, to keep and to hand to another program.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>A token that was kept as bytes. Whether it is one is found out by the node that it is sent to.</summary>
    public static CausalToken FromBytes(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Whether both are the same bytes.</summary>
    public static bool operator ==(CausalToken left, CausalToken right) => left.Equals(right);

    /// <summary>Whether they are different bytes.</summary>
    public static bool operator !=(CausalToken left, CausalToken right) => !left.Equals(right);

    /// <summary>Whether both are the same bytes.</summary>
    public bool Equals(CausalToken other) => _bytes.Span.SequenceEqual(other._bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CausalToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_bytes.Span);
        return hash.ToHashCode();
    }

    /// <summary>Base64url; empty for <see cref="None"/>.</summary>
    public override string ToString() => System.Buffers.Text.Base64Url.EncodeToString(_bytes.Span);
}
