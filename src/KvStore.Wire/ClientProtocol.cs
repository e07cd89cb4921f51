using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Wire;

/// <summary>What a door, or a coordinator that is no replica of the key, asks of a coordinator. Each is answered exactly once, maybe by <see cref="Busy"/>.</summary>
public static class ClientProtocol
{
    /// <summary>A request about one key, with what is left of the client's budget.</summary>
    public interface IClientRequest : IWireMessage
    {
        RequestId Request { get; }

        BucketKey Key { get; }

        TimeSpan Budget { get; }
    }

    /// <summary>Read the key. Answered by <see cref="GetDone"/>.</summary>
    public sealed record Get(RequestId Request, BucketKey Key, TimeSpan Budget) : IClientRequest;

    /// <summary>
    /// Write the key, in place of what the coordinating replica holds at that moment and of nothing else. Answered by <see cref="PutDone"/>.
    /// A null value deletes. A retry carries the same <paramref name="Request"/>.
    /// </summary>
    public sealed record Put(RequestId Request, BucketKey Key, ReadOnlyMemory<byte>? Value, TimeSpan Budget) : IClientRequest;

    /// <summary>What the read came to.</summary>
    public sealed record GetDone(RequestId Request, GetResult Result, SiblingSet State, OperationTally Tally) : IWireMessage;

    /// <summary>What the write came to. <paramref name="Dot"/> names it; null when it was never minted.</summary>
    public sealed record PutDone(
        RequestId Request, PutResult Result, PutReason Reason, Refusal Refusal, OperationTally Tally, Dot? Dot) : IWireMessage;

    /// <summary>The coordinator has as many requests under way as it takes. Nothing was done; try again a little later, or another node.</summary>
    public sealed record Busy(RequestId Request) : IWireMessage;
}
