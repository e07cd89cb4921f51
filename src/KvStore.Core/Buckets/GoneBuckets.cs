using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Buckets;

/// <summary>Buckets whose keys are to be deleted.</summary>
/// <param name="Names">Their names, sorted; or, see there, the names of those that stay.</param>
/// <param name="AllButThese">More have gone than are remembered: the keys of all go, save those of <paramref name="Names"/>.</param>
public sealed record GoneBuckets(ImmutableArray<BucketName> Names, bool AllButThese);
