using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using KvStore.Core.Identity;

namespace KvStore.Core.Causality;

/// <summary>
/// Seals a <see cref="CausalContext"/> into the token that clients carry, and opens it again. A token is bound to its bucket
/// and key and sealed with the cluster's secret: a forged one could claim events that never were, and every later write of
/// those would be dropped as known. Immutable; may be shared.
/// <para>Token: <c>version (1 byte) | latest timestamp (varint) | entries (<see cref="ClockCodec"/>) | seal (16 bytes)</c>;
/// the seal is the first half of HMAC-SHA-256 over bucket, key and everything before it.</para>
/// </summary>
public sealed class CausalContextCodec
{
    /// <summary>The token's format. Never reused for another.</summary>
    public const byte Version = 1;

    /// <summary>The longest token that is looked at, in bytes.</summary>
    public const int MaxLength = 64 * 1024;

    private const int SealSize = 16;

    private readonly byte[] _secret;

    /// <param name="secret">The cluster's secret, the same on every node; at least 16 bytes.</param>
    /// <exception cref="ArgumentException">The secret is too short.</exception>
    public CausalContextCodec(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < SealSize)
            throw new ArgumentException($"The secret has {secret.Length} bytes; it needs at least {SealSize}.", nameof(secret));
        _secret = secret.ToArray();
    }

    /// <summary>The token for a reader of one key. Empty for <see cref="CausalContext.None"/>.</summary>
    public byte[] Seal(BucketKey key, CausalContext context)
    {
        if (context.Seen.IsEmpty)
            return [];
        var body = new byte[1 + ClockCodec.MaxVarint + ClockCodec.MaxSize(context.Seen)];
        body[0] = Version;
        var length = 1 + ClockCodec.WriteVarint(body.AsSpan(1), context.Latest.Value);
        length += ClockCodec.Write(body.AsSpan(length), context.Seen);
        var token = new byte[length + SealSize];
        body.AsSpan(0, length).CopyTo(token);
        ComputeSeal(key, token.AsSpan(0, length), token.AsSpan(length));
        return token;
    }

    /// <summary>
    /// Opens a token for a write to <paramref name="key"/>; an empty one is <see cref="CausalContext.None"/>. On failure
    /// <paramref name="error"/> says why: it was altered, made for another key or cluster, or has a newer format.
    /// </summary>
    public bool TryOpen(
        BucketKey key,
        ReadOnlySpan<byte> token,
        [NotNullWhen(true)] out CausalContext? context,
        [NotNullWhen(false)] out string? error)
    {
        context = null;
        error = null;
        if (token.IsEmpty)
        {
            context = CausalContext.None;
            return true;
        }

        error = Refusal(key, token);
        if (error is not null)
            return false;
        var body = token[1..^SealSize];
        if (!ClockCodec.TryReadVarint(ref body, out var latest) || !ClockCodec.TryReadVector(ref body, out var seen)
            || !body.IsEmpty)
        {
            error = "The causal context is damaged. Nothing was written. Read the key again and use that answer's context.";
            return false;
        }

        context = new CausalContext(seen, new HybridTimestamp(latest));
        return true;
    }

    private string? Refusal(BucketKey key, ReadOnlySpan<byte> token)
    {
        const string Advice = "Nothing was written. Read the key again and use that answer's context.";
        if (token.Length is <= SealSize + 1 or > MaxLength)
            return $"The causal context has {token.Length} bytes, which no context has. {Advice}";
        if (token[0] != Version)
            return $"The causal context has format {token[0]}; this node reads format {Version}. {Advice}";
        Span<byte> seal = stackalloc byte[SealSize];
        ComputeSeal(key, token[..^SealSize], seal);
        return CryptographicOperations.FixedTimeEquals(seal, token[^SealSize..])
            ? null
            : $"The causal context was not made for this key by this cluster, or was altered. {Advice}";
    }

    private void ComputeSeal(BucketKey key, ReadOnlySpan<byte> body, Span<byte> seal)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret);
        Span<byte> bucket = stackalloc byte[1 + BucketName.MaxLength];
        var name = key.Bucket.Value;
        bucket[0] = (byte)name.Length;
        for (var i = 0; i < name.Length; i++)
            bucket[1 + i] = (byte)name[i];
        hmac.AppendData(bucket[..(1 + name.Length)]);
        Span<byte> keyLength = [(byte)(key.Key.Length >> 8), (byte)key.Key.Length];
        hmac.AppendData(keyLength);
        hmac.AppendData(key.Key.Span);
        hmac.AppendData(body);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hmac.GetHashAndReset(whole);
        whole[..SealSize].CopyTo(seal);
    }
}
