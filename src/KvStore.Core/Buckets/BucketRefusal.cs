namespace KvStore.Core.Buckets;

/// <summary>Why a change to a bucket is not made. Nothing was changed.</summary>
/// <param name="Problem">For programs.</param>
/// <param name="Words">For people: what is wrong, and what to do instead.</param>
public sealed record BucketRefusal(BucketProblem Problem, string Words);
