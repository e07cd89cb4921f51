using KvStore.Core.Buckets;
using KvStore.Core.Identity;
using KvStore.Core.Registers;
using KvStore.Wire;

namespace KvStore.Client.Requests;

/// <summary>What an application wants, before it has a request id.</summary>
internal abstract record ClientCall(TimeSpan Timeout)
{
    /// <param name="id">The same for every attempt.</param>
    /// <param name="budget">What this attempt may take.</param>
    /// <param name="isRepeat">Whether an attempt before may have been applied.</param>
    public abstract IWireMessage RequestOf(RequestId id, TimeSpan budget, bool isRepeat);
}

/// <summary>A call about one key.</summary>
internal abstract record KeyCall(BucketKey Key, KvSession? Session, TimeSpan Timeout) : ClientCall(Timeout);

internal sealed record ReadCall(BucketKey Key, GetOptions Options, TimeSpan Timeout) : KeyCall(Key, Options.Session, Timeout)
{
    public override ClientProtocol.Get RequestOf(RequestId id, TimeSpan budget, bool isRepeat) =>
        new(id, Key, budget) { Quorum = Options.Quorum, Monotonic = Options.Monotonic, WantsContext = true };
}

internal sealed record WriteCall(BucketKey Key, ReadOnlyMemory<byte>? Value, PutOptions Options, TimeSpan Timeout)
    : KeyCall(Key, Options.Session, Timeout)
{
    public required Core.Replication.WriteMode Mode { get; init; }

    public CausalToken Context { get; init; }

    /// <summary>Whether writing it twice comes to the same as writing it once. A value without a context is one sibling more each time.</summary>
    public bool IsRepeatable => Value is null || Mode == Core.Replication.WriteMode.Overwrite || !Context.IsNone;

    public override ClientProtocol.Put RequestOf(RequestId id, TimeSpan budget, bool isRepeat) => new(id, Key, Value, budget)
    {
        Quorum = Options.Quorum,
        Mode = Mode,
        Context = Context.Bytes,
        ExpiresAt = Options.ExpiresAt?.ToUnixTimeMilliseconds() ?? 0,
        WantsContext = true,
    };
}

internal sealed record StrongCall(BucketKey Key, RegisterCommand Command, TimeSpan Timeout) : KeyCall(Key, Session: null, Timeout)
{
    public override ClientProtocol.DoRegister RequestOf(RequestId id, TimeSpan budget, bool isRepeat) =>
        new(id, Key, Command, budget) { IsRepeat = isRepeat };
}

internal sealed record BucketCall(BucketChange Change, TimeSpan Timeout) : ClientCall(Timeout)
{
    public override ClientProtocol.ChangeBucket RequestOf(RequestId id, TimeSpan budget, bool isRepeat) => new(id, Change);
}
