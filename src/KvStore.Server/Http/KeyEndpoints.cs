using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using KvStore.Core.Buckets;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node;
using KvStore.Node.Coordination;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KvStore.Server.Http;

/// <summary>
/// Where a key is, and what each of its nodes holds of it. A key is named by <c>key</c> (text), or by <c>hex</c> (its bytes in hexadecimal), and
/// by <c>bucket</c>, which may be left out.
/// </summary>
internal static class KeyEndpoints
{
    /// <summary>How much of a value is shown.</summary>
    private const int ShownBytes = 256;

    private static readonly long FirstInstant = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long LastInstant = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static void Map(IEndpointRouteBuilder routes, KvNode node)
    {
        routes.MapGet("/v1/locate", (string? key, string? hex, string? bucket) => Locate(node, key, hex, bucket));
        routes.MapGet("/v1/explain", (string? key, string? hex, string? bucket) => Explain(node, key, hex, bucket));
    }

    internal static IResult Locate(KvNode node, string? text, string? hex, string? bucketName)
    {
        var ring = node.Ring;
        if (!TryRead(ring, text, hex, bucketName, out var key, out var bucket, out var wrong)) return Refused(wrong);
        var plan = ring.PreferenceList(key, bucket.Quorum.N);
        return Results.Json(new
        {
            schema = 1,
            key = key.Key.ToString(),
            bucket = bucket.Name.Value,
            partition = plan.Partition.Value,
            epoch = plan.Epoch.ToString(),
            n = plan.N,
            moving = plan.IsMoving,
            degraded = plan.IsDegraded,
            nodes = plan.Primaries.Concat(plan.WriteTargets).Distinct().Concat(plan.Fallbacks).Select((id, i) => new
            {
                position = i + 1,
                node_id = id.ToString(),
                address = ring.Member(id)!.Address,
                rack = ring.Member(id)!.Rack,
                role = RoleOf(plan, id),
                reachable = node.Reachability.IsReachable(id),
            }),
        });
    }

    internal static async Task<IResult> Explain(KvNode node, string? text, string? hex, string? bucketName)
    {
        var ring = node.Ring;
        if (!TryRead(ring, text, hex, bucketName, out var key, out var bucket, out var wrong)) return Refused(wrong);
        if (bucket.IsStrong)
            return Refused($"Bucket '{bucket.Name}' is strong: its keys are registers, whose copies are not shown one by one. Nothing was done; read the key.");
        var plan = ring.PreferenceList(key, bucket.Quorum.N);
        var copies = await KeyInspection.Ask(plan, key, node.ReplicasOf, node.Settings.Timeouts.Replica);
        return Results.Json(new
        {
            schema = 1,
            key = key.Key.ToString(),
            bucket = bucket.Name.Value,
            policy = WordOf(bucket.Policy),
            partition = plan.Partition.Value,
            epoch = plan.Epoch.ToString(),
            n = plan.N,
            r = bucket.Quorum.R,
            w = bucket.Quorum.W,
            equal = AreEqual(copies),
            copies = copies.Select(copy => new
            {
                node_id = copy.Node.ToString(),
                address = ring.Member(copy.Node)!.Address,
                role = RoleOf(plan, copy.Node),
                answer = AnswerOf(copy),
                clock = copy.Answer is { } found ? found.Set.Context.ToString() : "",
                versions = VersionsOf(copy.Answer),
            }),
        });
    }

    /// <summary>Whether the owners that answered hold the same.</summary>
    private static bool AreEqual(KeyCopy[] copies) =>
        copies.Where(copy => copy.IsPrimary && copy.Answer is not null).Select(copy => (copy.Answer!.Kind, copy.Answer.Set.Hash)).Distinct().Count() <= 1;

    private static object[] VersionsOf(ReadAnswer? answer)
    {
        if (answer is null) return [];
        var versions = new List<object>();
        foreach (var version in answer.Set.Siblings)
        {
            versions.Add(new
            {
                dot = version.Dot.ToString(),
                deleted = version.IsTombstone,
                bytes = version.Value.Length,
                hash = StableHash.Of(version.Value.Span).ToString("x16", CultureInfo.InvariantCulture),
                value = Shown(version),
                written = Instant(version.Timestamp.Milliseconds),
                expires = Instant(version.ExpiresAt),
            });
        }
        return [.. versions];
    }

    private static string? Shown(Sibling version) => version.IsTombstone || version.Value.Length > ShownBytes || !IsText(version.Value.Span)
        ? null
        : Encoding.UTF8.GetString(version.Value.Span);

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            if (b < ' ') return false;
        return System.Text.Unicode.Utf8.IsValid(bytes);
    }

    /// <summary>Null for none. A client may choose an expiry that no calendar has: the last day that one has is shown then.</summary>
    internal static string? Instant(long milliseconds) => milliseconds == 0
        ? null
        : DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, FirstInstant, LastInstant))
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string AnswerOf(KeyCopy copy) => copy.Answer switch
    {
        { Kind: AnswerKind.Found, Provisional: false } => "found",
        { Kind: AnswerKind.Found } => "found, not an owner's word",
        { Kind: AnswerKind.NotFound } => "not found",
        { Kind: AnswerKind.NoInformation } => "no information",
        { Kind: AnswerKind.Unreadable } => "damaged",
        _ => copy.Refusal switch
        {
            Refusal.Unreachable => "out of reach",
            Refusal.Expired => "no answer in time",
            var other => $"refused ({other})",
        },
    };

    private static string RoleOf(PreferenceList plan, NodeId node)
    {
        if (!plan.IsPrimary(node)) return "fallback";
        if (!plan.IsMoving || (plan.OldPrimaries.Contains(node) && plan.NewPrimaries.Contains(node))) return "primary";
        return plan.NewPrimaries.Contains(node) ? "new primary" : "old primary";
    }

    private static string WordOf(BucketPolicy policy) => policy switch
    {
        BucketPolicy.LastWriterWins => "lww",
        BucketPolicy.Strong => "strong",
        _ => "siblings",
    };

    private static bool TryRead(
        Ring ring, string? text, string? hex, string? bucketName, out BucketKey name,
        [NotNullWhen(true)] out BucketDefinition? bucket, [NotNullWhen(false)] out string? wrong)
    {
        (name, bucket) = (default, null);
        if (!TryReadBytes(text, hex, out var bytes, out wrong)) return false;
        if (!Key.TryCreate(bytes, out var key, out wrong)) return false;
        if (!BucketName.TryCreate(bucketName ?? BucketName.Default.Value, out var bucketOf, out wrong)) return false;
        bucket = ring.Buckets.Find(bucketOf);
        name = new BucketKey(bucketOf, key);
        if (bucket is null) wrong = $"There is no bucket '{bucketOf}'. Nothing was done; list the buckets to see the ones there are.";
        return bucket is not null;
    }

    private static bool TryReadBytes(string? text, string? hex, out byte[] bytes, [NotNullWhen(false)] out string? wrong)
    {
        wrong = null;
        bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        if ((text is null) == (hex is null)) wrong = "A key is named by key=TEXT or by hex=DIGITS, and not by both. Nothing was done.";
        else if (hex is not null && (hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit)))
            wrong = $"'{hex}' is not an even number of hexadecimal digits. Nothing was done.";
        else if (hex is not null) bytes = Convert.FromHexString(hex);
        return wrong is null;
    }

    private static IResult Refused(string why) =>
        Results.Json(new { schema = 1, outcome = "refused", message = why }, statusCode: StatusCodes.Status400BadRequest);
}
