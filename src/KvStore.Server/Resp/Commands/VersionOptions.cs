using System.Buffers.Text;
using System.Text;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>The options that KV.GET, KV.PUT and KV.DEL share; each may be given once, in any order and case.</summary>
/// <param name="Bucket">The bucket, as agreed.</param>
/// <param name="Quorum">The numbers of this request; null for the bucket's.</param>
/// <param name="Context">The token of the read that the write is based on; empty without one.</param>
/// <param name="ExpiresAt">When the value goes, in milliseconds since 1970; 0 for never.</param>
/// <param name="Version">The version that a strong key must have; null for any.</param>
/// <param name="IsMonotonic">Whether what this read shows no later one may miss.</param>
internal sealed record VersionOptions(
    BucketDefinition Bucket, Quorum? Quorum, ReadOnlyMemory<byte> Context, long ExpiresAt, ulong? Version, bool IsMonotonic)
{
    private static readonly string[] Numbers = ["N", "R", "W", "PR", "PW", "DW"];

    /// <summary>Reads what comes from argument <paramref name="from"/> on; an unknown or repeated option is an error.</summary>
    public static Outcome<VersionOptions> Parse(RespRequest request, int from, KeySpaces spaces)
    {
        var given = new Dictionary<string, ReadOnlyMemory<byte>>();
        for (var i = from; i < request.Arguments.Count; i++)
        {
            var word = Arguments.Word(request.Arguments[i]);
            var takesValue = Numbers.Contains(word) || Expiry.IsUnit(word) || word is "BUCKET" or "CONTEXT" or "VERSION";
            if (!takesValue && word is not ("SLOPPY" or "STRICT" or "MONOTONIC"))
                return Problem.Wrong($"unknown option '{word}' of {request.Name}. Nothing was done.");
            if (takesValue && i + 1 == request.Arguments.Count) return Problem.Wrong($"{word} needs a value. Nothing was done.");
            if (!given.TryAdd(word, takesValue ? request.Arguments[++i] : default))
                return Problem.Wrong($"{word} was given twice. Nothing was done.");
        }
        return Check(request, given, spaces);
    }

    private static Outcome<VersionOptions> Check(RespRequest request, Dictionary<string, ReadOnlyMemory<byte>> given, KeySpaces spaces)
    {
        var name = request.Bucket;
        if (given.TryGetValue("BUCKET", out var text) && !BucketName.TryCreate(Arguments.Text(text), out name, out var wrong))
            return Problem.Wrong($"{wrong} Nothing was done.");
        if (!spaces.Bucket(name).TryGet(out var bucket, out var problem)) return problem;
        if (!ReadQuorum(given, bucket.Quorum).TryGet(out var quorum, out problem)) return problem;
        if (!ReadContext(given).TryGet(out var context, out problem)) return problem;
        var units = given.Keys.Where(Expiry.IsUnit).ToList();
        if (units.Count > 1) return Problem.Wrong($"{units[0]} and {units[1]} exclude each other. Nothing was done.");
        long expiresAt = 0;
        if (units.Count == 1 && !Expiry.At(units[0], given[units[0]], request.Name).TryGet(out expiresAt, out problem)) return problem;
        ulong? version = null;
        if (given.TryGetValue("VERSION", out var number))
        {
            if (!Arguments.TryInteger(number, out var parsed) || parsed < 0)
                return Problem.Wrong("VERSION is the number that an answer named, or 0 for a key that was never written. Nothing was done.");
            version = (ulong)parsed;
        }
        return new VersionOptions(bucket, given.Keys.Any(IsOfQuorum) ? quorum : null, context, expiresAt, version, given.ContainsKey("MONOTONIC"));
    }

    private static bool IsOfQuorum(string word) => Numbers.Contains(word) || word is "SLOPPY" or "STRICT";

    private static Outcome<Quorum> ReadQuorum(Dictionary<string, ReadOnlyMemory<byte>> given, Quorum bucket)
    {
        if (given.ContainsKey("SLOPPY") && given.ContainsKey("STRICT")) return Problem.Wrong("SLOPPY and STRICT exclude each other. Nothing was done.");
        var numbers = new Dictionary<string, int>
        {
            ["N"] = bucket.N, ["R"] = bucket.R, ["W"] = bucket.W, ["PR"] = bucket.PR, ["PW"] = bucket.PW, ["DW"] = bucket.DW,
        };
        foreach (var (word, argument) in given.Where(option => numbers.ContainsKey(option.Key)))
        {
            if (!Arguments.TryInteger(argument, out var value) || value is < 0 or > Quorum.MaxN)
                return Problem.Wrong($"{word} is a number from 0 to {Quorum.MaxN}. Nothing was done.");
            numbers[word] = (int)value;
        }
        var sloppy = given.ContainsKey("SLOPPY") || (!given.ContainsKey("STRICT") && bucket.Sloppy);
        return Quorum.TryCreate(
            numbers["N"], numbers["R"], numbers["W"], numbers["PR"], numbers["PW"], numbers["DW"], sloppy, out var quorum, out var wrong)
            ? quorum
            : Problem.Wrong($"{wrong} Nothing was done.");
    }

    private static Outcome<ReadOnlyMemory<byte>> ReadContext(Dictionary<string, ReadOnlyMemory<byte>> given)
    {
        if (!given.TryGetValue("CONTEXT", out var text)) return ReadOnlyMemory<byte>.Empty;
        return Base64Url.IsValid(Encoding.Latin1.GetString(text.Span))
            ? new Outcome<ReadOnlyMemory<byte>>(Base64Url.DecodeFromUtf8(text.Span))
            : Problem.Wrong("CONTEXT is the token that an answer named, unchanged. Nothing was done.");
    }
}
