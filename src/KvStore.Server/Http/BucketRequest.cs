using System.Globalization;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Server.Keys;

namespace KvStore.Server.Http;

/// <summary>
/// What a request about a bucket asks for: <c>n r w pr pw dw</c> (numbers), <c>sloppy</c> (true or false), <c>ttl</c> (whole seconds, 0 for
/// none), <c>policy</c> (siblings, lww or strong). What is left out is as it was, or the default in a new bucket. Pure.
/// </summary>
internal static class BucketRequest
{
    private static readonly string[] Numbers = ["n", "r", "w", "pr", "pw", "dw"];

    private static readonly (string Name, BucketPolicy Policy)[] Policies =
        [("siblings", BucketPolicy.Siblings), ("lww", BucketPolicy.LastWriterWins), ("strong", BucketPolicy.Strong)];

    public static string NameOf(BucketPolicy policy) => Policies.First(known => known.Policy == policy).Name;

    /// <summary>A change that needs nothing but the bucket's name.</summary>
    public static Outcome<BucketChange> Of(string name, Func<BucketName, BucketChange> change) =>
        BucketName.TryCreate(name, out var bucket, out var wrong) ? change(bucket) : Problem.Wrong($"{wrong} Nothing was changed.");

    /// <summary>The bucket with these parameters: created, or changed where there is one in this ring.</summary>
    public static Outcome<BucketChange> Put(string name, IReadOnlyDictionary<string, string> parameters, Ring ring)
    {
        if (!BucketName.TryCreate(name, out var bucket, out var wrong)) return Problem.Wrong($"{wrong} Nothing was changed.");
        if (parameters.Keys.FirstOrDefault(key => !Numbers.Contains(key) && key is not ("sloppy" or "ttl" or "policy")) is { } unknown)
        {
            return Problem.Wrong(
                $"'{unknown}' is no parameter of a bucket: n, r, w, pr, pw, dw, sloppy, ttl and policy are. Nothing was changed.");
        }
        var known = ring.Buckets.Find(bucket);
        if (!PolicyOf(parameters, known).TryGet(out var policy, out var problem)) return problem;
        if (!QuorumOf(parameters, known?.Quorum ?? Default(parameters, policy, ring)).TryGet(out var quorum, out problem)) return problem;
        if (!TtlOf(parameters, known?.DefaultTtl).TryGet(out var ttl, out problem)) return problem;
        return known is null
            ? new BucketChange.Create(bucket, policy, quorum, ttl.Value)
            : new BucketChange.Alter(bucket, quorum, ttl.Value);
    }

    private static Outcome<BucketPolicy> PolicyOf(IReadOnlyDictionary<string, string> parameters, BucketDefinition? known)
    {
        if (!parameters.TryGetValue("policy", out var text)) return known?.Policy ?? BucketPolicy.Siblings;
        if (!Policies.Any(policy => policy.Name == text))
            return Problem.Wrong($"'{text}' is no policy: siblings, lww and strong are. Nothing was changed.");
        var policy = Policies.First(named => named.Name == text).Policy;
        return known is null || known.Policy == policy
            ? policy
            : Problem.Wrong($"The policy of '{known.Name}' is {NameOf(known.Policy)} and cannot become {text}. Nothing was changed. "
                + "Create another bucket with that policy and copy the keys.");
    }

    /// <summary>Majorities of N copies, or of three where no N is named.</summary>
    private static Quorum Default(IReadOnlyDictionary<string, string> parameters, BucketPolicy policy, Ring ring)
    {
        var n = parameters.TryGetValue("n", out var text) && TryNumber(text, out var asked) && asked is >= 1 and <= Quorum.MaxN
            ? asked
            : Math.Min(3, ring.Replicas);
        return Quorum.OfMajorities(n, sloppy: policy != BucketPolicy.Strong);
    }

    private static Outcome<Quorum> QuorumOf(IReadOnlyDictionary<string, string> parameters, Quorum before)
    {
        var numbers = new Dictionary<string, int>
        {
            ["n"] = before.N, ["r"] = before.R, ["w"] = before.W, ["pr"] = before.PR, ["pw"] = before.PW, ["dw"] = before.DW,
        };
        foreach (var name in Numbers.Where(parameters.ContainsKey))
        {
            if (!TryNumber(parameters[name], out var value))
                return Problem.Wrong($"{name} is a number; '{parameters[name]}' is none. Nothing was changed.");
            numbers[name] = value;
        }
        var sloppy = before.Sloppy;
        if (parameters.TryGetValue("sloppy", out var text) && !bool.TryParse(text, out sloppy))
            return Problem.Wrong($"sloppy is true or false; '{text}' is neither. Nothing was changed.");
        // A bucket's N is fixed: that is said by whoever knows the bucket, with what to do instead, whatever the others are.
        return numbers["n"] != before.N && numbers["n"] is >= 1 and <= Quorum.MaxN
            ? Quorum.OfMajorities(numbers["n"], sloppy)
            : Quorum.TryCreate(
                numbers["n"], numbers["r"], numbers["w"], numbers["pr"], numbers["pw"], numbers["dw"], sloppy, out var quorum, out var wrong)
                ? quorum
                : Problem.Wrong($"{wrong} Nothing was changed.");
    }

    private static Outcome<Ttl> TtlOf(IReadOnlyDictionary<string, string> parameters, TimeSpan? before)
    {
        if (!parameters.TryGetValue("ttl", out var text)) return new Ttl(before);
        if (!TryNumber(text, out var seconds))
            return Problem.Wrong($"ttl is in whole seconds, 0 for none; '{text}' is no such number. Nothing was changed.");
        return new Ttl(seconds == 0 ? null : TimeSpan.FromSeconds(seconds));
    }

    private static bool TryNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>A time to live that may be none.</summary>
    private readonly record struct Ttl(TimeSpan? Value);
}
