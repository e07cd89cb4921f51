using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Registers;

/// <summary>
/// The content of one strong key. A deleted one stays, as a tombstone with its version and its recent requests.
/// </summary>
/// <param name="Data">The bytes, or null when the key is absent.</param>
/// <param name="Version">Counts the changes; 0 before the first.</param>
/// <param name="Recent">The requests that made the latest changes, oldest first, at most <see cref="MaxRecent"/>.</param>
public sealed record RegisterValue(ReadOnlyMemory<byte>? Data, ulong Version, ImmutableArray<RecentRequest> Recent)
{
    /// <summary>How many changes back a repeated request is recognized.</summary>
    public const int MaxRecent = 64;

    /// <summary>Never written.</summary>
    public static readonly RegisterValue Absent = new(null, 0, []);

    /// <summary>The value after one more change.</summary>
    public RegisterValue With(ReadOnlyMemory<byte>? data, RequestId request)
    {
        var recent = Recent.Length < MaxRecent ? Recent : Recent.RemoveAt(0);
        return new RegisterValue(data, Version + 1, recent.Add(new RecentRequest(request, Version + 1)));
    }

    /// <summary>The value as it was right after one of the recent changes, which left <paramref name="data"/>.</summary>
    public RegisterValue AsOf(ulong version, ReadOnlyMemory<byte>? data) =>
        version == Version ? this : new RegisterValue(data, version, Recent.RemoveAll(entry => entry.Version > version));

    /// <summary>Whether the request made one of the recent changes.</summary>
    public bool HasApplied(RequestId request, out ulong version)
    {
        foreach (var entry in Recent)
        {
            if (entry.Id != request)
                continue;
            version = entry.Version;
            return true;
        }

        version = 0;
        return false;
    }
}
