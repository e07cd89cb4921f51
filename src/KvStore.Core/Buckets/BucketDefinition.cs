using System.Diagnostics.CodeAnalysis;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Core.Buckets;

/// <summary>What is agreed about one bucket. A part of the ring; immutable.</summary>
/// <param name="Name">Which.</param>
/// <param name="CreatedAt">
/// The epoch it was created in; none for what is there from the start. A bucket that was dropped and created again is
/// another bucket: what was written before this epoch is none of its own.
/// </param>
/// <param name="Policy">What it does with concurrent writes.</param>
/// <param name="Quorum">How many copies it keeps (fixed), and what a request needs that names no numbers of its own.</param>
/// <param name="DefaultTtl">How long a value lives that was written without an expiry; null for ever.</param>
public sealed record BucketDefinition(
    BucketName Name, RingEpoch CreatedAt, BucketPolicy Policy, Quorum Quorum, TimeSpan? DefaultTtl)
{
    /// <summary>The shortest default time to live.</summary>
    public static readonly TimeSpan MinTtl = TimeSpan.FromSeconds(1);

    /// <summary>The longest default time to live.</summary>
    public static readonly TimeSpan MaxTtl = TimeSpan.FromDays(3653);

    /// <summary>Whether its keys are registers, not sibling sets.</summary>
    public bool IsStrong => Policy == BucketPolicy.Strong;

    /// <summary>How siblings are shown and superseded; of no meaning for a strong bucket.</summary>
    public ConflictPolicy Conflicts =>
        Policy == BucketPolicy.LastWriterWins ? ConflictPolicy.LastWriterWins : ConflictPolicy.Siblings;

    /// <summary>
    /// The bucket that needs no creating: siblings, majorities of three copies, or of as many as the cluster keeps.
    /// </summary>
    /// <param name="replicas">The most copies that a bucket of the cluster may ask for.</param>
    public static BucketDefinition Default(int replicas) => new(
        BucketName.Default, RingEpoch.None, BucketPolicy.Siblings, Quorum.OfMajorities(Math.Min(3, replicas)), null);

    /// <summary>When a value written now expires: as asked for, else by the default; 0 for never.</summary>
    /// <param name="asked">Milliseconds since 1970 (UTC) given with the write; 0 when none was.</param>
    /// <param name="wallMilliseconds">Now, in milliseconds since 1970 (UTC).</param>
    public long ExpiryOf(long asked, long wallMilliseconds) =>
        asked != 0 || DefaultTtl is not { } ttl ? asked : wallMilliseconds + (long)ttl.TotalMilliseconds;

    /// <summary>The numbers of one request of this bucket, or why it may not be done so.</summary>
    /// <param name="asRegister">Whether the request is one on a register, not on a set of siblings.</param>
    /// <param name="asked">The numbers it names; null for the bucket's.</param>
    /// <param name="quorum">The numbers to use.</param>
    /// <param name="error">What is wrong, and that nothing was done.</param>
    [SuppressMessage("Design", "CA1021", Justification = "The pattern of Quorum.TryReplaceBy.")]
    public bool Admits(bool asRegister, Quorum? asked, out Quorum quorum, [NotNullWhen(false)] out string? error)
    {
        if (!Quorum.TryReplaceBy(asked, out quorum, out error))
            return false;
        if (asRegister != IsStrong)
        {
            error = IsStrong
                ? $"Bucket '{Name}' is strong: its keys are registers, without siblings and contexts. Nothing was done."
                : $"Bucket '{Name}' is not strong: its keys are no registers. Nothing was done.";
        }

        return error is null;
    }

    /// <summary>Null, or in a sentence what is wrong with it in a cluster of so many copies.</summary>
    internal string? Problem(int replicas)
    {
        if (!Enum.IsDefined(Policy))
            return $"{(byte)Policy} is no policy: siblings, lww or strong.";
        if (Quorum.N > replicas)
            return $"N is {Quorum.N}; this cluster keeps at most {replicas} copies.";
        if (IsStrong && Quorum != Quorum.OfMajorities(Quorum.N, sloppy: false))
            return "A strong bucket takes its majorities from N: leave R, W, PR, PW, DW and sloppy out.";
        if (IsStrong && DefaultTtl is not null)
            return "A strong bucket's values do not expire: leave the time to live out.";
        if (DefaultTtl is { } ttl && (ttl < MinTtl || ttl > MaxTtl || ttl.Ticks % TimeSpan.TicksPerMillisecond != 0))
            return $"A time to live is {MinTtl.TotalSeconds} to {MaxTtl.TotalSeconds} seconds, in whole milliseconds; this one is {ttl}.";
        return null;
    }
}
