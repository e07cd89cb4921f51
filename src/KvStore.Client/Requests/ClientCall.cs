using KvStore.Core.Identity;
using KvStore.Wire;

namespace KvStore.Client.Requests;

/// <summary>What an application wants, before it has a request id.</summary>
internal abstract record ClientCall(BucketKey Key, KvSession? Session, TimeSpan Timeout)
{
    public abstract ClientProtocol.IClientRequest RequestOf(RequestId id, TimeSpan budget);
}

internal sealed record ReadCall(BucketKey Key, GetOptions Options, TimeSpan Timeout) : ClientCall(Key, Options.Session, Timeout)
{
    public override ClientProtocol.Get RequestOf(RequestId id, TimeSpan budget) =>
        new(id, Key, budget) { Quorum = Options.Quorum, Monotonic = Options.Monotonic, WantsContext = true };
}

internal sealed record WriteCall(BucketKey Key, ReadOnlyMemory<byte>? Value, PutOptions Options, TimeSpan Timeout)
    : ClientCall(Key, Options.Session, Timeout)
{
    public required Core.Replication.WriteMode Mode { get; init; }

    public CausalToken Context { get; init; }

    public override ClientProtocol.Put RequestOf(RequestId id, TimeSpan budget) => new(id, Key, Value, budget)
    {
        Quorum = Options.Quorum,
        Mode = Mode,
        Context = Context.Bytes,
        ExpiresAt = Options.ExpiresAt?.ToUnixTimeMilliseconds() ?? 0,
        WantsContext = true,
    };
}
