using KvStore.Core.Identity;

namespace KvStore.Core.AntiEntropy;

/// <summary>What a side of an exchange wants done next. A closed set; each is carried out in order.</summary>
public abstract record ExchangeEffect
{
    private ExchangeEffect()
    {
    }

    /// <summary>Send to the other side.</summary>
    public sealed record Send(ExchangeMessage Message) : ExchangeEffect;

    /// <summary>Call OnSecondLook after this long.</summary>
    public sealed record StartSecondLook(TimeSpan After) : ExchangeEffect;

    /// <summary>
    /// Read keys and state hashes of these leaves from storage, in the order of the keys; answer with OnListed. What cannot be read is
    /// told to the replica first (Replica.OnDamageFound), which ends this exchange.
    /// </summary>
    /// <param name="Level">The leaves' level.</param>
    /// <param name="Leaves">Their places.</param>
    /// <param name="Range">Only keys in here.</param>
    /// <param name="Most">The first so many of them; if there are fewer, all.</param>
    public sealed record ListKeys(int Level, IReadOnlyList<int> Leaves, KeyRange Range, int Most) : ExchangeEffect;

    /// <summary>Read the states of these keys; answer with OnRead, those that are gone left out.</summary>
    public sealed record ReadStates(IReadOnlyList<BucketKey> Keys) : ExchangeEffect;

    /// <summary>Have the replica merge these; when all are stored, answer with OnMerged and what it holds of each now.</summary>
    public sealed record Merge(IReadOnlyList<KeyState> States) : ExchangeEffect;

    /// <summary>
    /// The peer, an owner, has seen all of this state and forgot the key since: have the replica forget it too, if it is
    /// still in this state (Replica.OnForget).
    /// </summary>
    public sealed record Forget(BucketKey Key, ulong Hash) : ExchangeEffect;

    /// <summary>
    /// Tell the replica that the exchange is complete: all that the peer vouched for is here (Replica.OnExchangeCompleted).
    /// </summary>
    public sealed record RaiseWatermarks(Vouched ByPeer) : ExchangeEffect;

    /// <summary>The last effect. Bytes are not counted here; keys are those that differed.</summary>
    public sealed record End(ExchangeEnd Outcome, long KeysSent, long KeysReceived) : ExchangeEffect;
}
