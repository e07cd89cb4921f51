using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.AntiEntropy;

/// <summary>
/// Two stores, their trees, and one exchange between them over a perfect line; counts messages and bytes as they would be sent.
/// </summary>
internal sealed class ExchangePairRun
{
    private readonly Store _initiator = new();
    private readonly Store _responder = new();

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The most keys, or marks, that one message had.</summary>
    public int LargestList { get; private set; }

    /// <summary>The most bytes of states that one message had.</summary>
    public long LargestStates { get; private set; }

    /// <summary>The same, of those that had more than one.</summary>
    public long LargestOfMany { get; private set; }

    /// <summary>What becomes of a message on its way.</summary>
    public Func<ExchangeMessage, ExchangeMessage> Carry { get; init; } = message => message;

    public ExchangeEffect.End? Ended { get; private set; }

    public bool WatermarksRaised { get; private set; }

    public bool AreEqual => _initiator.Tree.Root == _responder.Tree.Root;

    public long KeysAtInitiator => _initiator.Tree.Keys;

    public static BucketKey KeyOf(int number) => new(BucketName.Default, Key.Of($"key-{number:d9}"));

    public void Rebuild(int depth) => Rebuild(depth, depth);

    public void Rebuild(int atInitiator, int atResponder)
    {
        _initiator.Tree = new HashTree(atInitiator);
        _responder.Tree = new HashTree(atResponder);
    }

    public void PutBoth(BucketKey key, SiblingSet set)
    {
        _initiator.Put(key, set);
        _responder.Put(key, set);
    }

    public void PutInitiator(BucketKey key, SiblingSet set) => _initiator.Put(key, set);

    public void PutResponder(BucketKey key, SiblingSet set) => _responder.Put(key, set);

    /// <summary>Runs the exchange; <paramref name="beforeSecondLook"/> is what happens between the two looks.</summary>
    public void Run(Action? beforeSecondLook = null)
    {
        var vouched = new Vouched(VersionVector.Empty, VersionVector.Empty);
        var session = new ExchangeSession(RingEpoch.First, _initiator.Tree, vouched, new ExchangeOptions());
        var responder = new ExchangeResponder(_responder.Tree, () => vouched, RingEpoch.First, 1, new ExchangeOptions());
        var (asks, answers) = (new Queue<ExchangeEffect>(), new Queue<ExchangeEffect>());
        void Ask(Action<List<ExchangeEffect>> step) => Gather(step, asks);
        void Answer(Action<List<ExchangeEffect>> step) => Gather(step, answers);
        Ask(session.Start);
        while (asks.Count > 0 || answers.Count > 0)
        {
            while (answers.TryDequeue(out var effect))
            {
                if (effect is ExchangeEffect.Send send)
                    Ask(then => session.OnMessage(Count(send.Message), then));
                else
                    Perform(_responder, effect, Answer, responder.OnListed, responder.OnRead, responder.OnMerged);
            }

            if (!asks.TryDequeue(out var asked))
                continue;
            switch (asked)
            {
                case ExchangeEffect.Send send:
                    Answer(then => responder.OnMessage(Count(send.Message), then));
                    break;
                case ExchangeEffect.StartSecondLook:
                    beforeSecondLook?.Invoke();
                    Ask(session.OnSecondLook);
                    break;
                case ExchangeEffect.RaiseWatermarks:
                    WatermarksRaised = true;
                    break;
                case ExchangeEffect.End end:
                    Ended = end;
                    break;
                default:
                    Perform(_initiator, asked, Ask, session.OnListed, session.OnRead, session.OnMerged);
                    break;
            }
        }
    }

    private static void Gather(Action<List<ExchangeEffect>> step, Queue<ExchangeEffect> into)
    {
        var effects = new List<ExchangeEffect>();
        step(effects);
        effects.ForEach(into.Enqueue);
    }

    private static void Perform(
        Store store, ExchangeEffect effect, Action<Action<List<ExchangeEffect>>> then,
        Action<IReadOnlyList<KeyHash>, List<ExchangeEffect>> onListed,
        Action<IReadOnlyList<KeyState>?, List<ExchangeEffect>> onRead,
        Action<IReadOnlyList<KeyState>?, List<ExchangeEffect>> onMerged)
    {
        switch (effect)
        {
            case ExchangeEffect.ListKeys list:
                then(effects => onListed(store.List(list), effects));
                break;
            case ExchangeEffect.ReadStates read:
                then(effects => onRead(store.Read(read.Keys), effects));
                break;
            case ExchangeEffect.Merge merge:
                then(effects => onMerged(store.Merge(merge.States), effects));
                break;
        }
    }

    private ExchangeMessage Count(ExchangeMessage message)
    {
        Messages++;
        LargestList = Math.Max(LargestList, message switch
        {
            ExchangeMessage.GetKeys get => Math.Max(get.Leaves.Count, get.Marks.Count),
            ExchangeMessage.Listed listed => Math.Max(listed.Entries.Count, listed.Missing.Count),
            _ => 0,
        });
        Measure(message switch
        {
            ExchangeMessage.Push push => push.States,
            ExchangeMessage.Pushed pushed => pushed.Differing,
            ExchangeMessage.Pulled pulled => pulled.States,
            _ => [],
        });
        Bytes += 16 + message switch
        {
            ExchangeMessage.GetSums get => 4 * get.Parents.Count,
            ExchangeMessage.Sums sums => 8 * sums.Children.Count,
            ExchangeMessage.GetKeys get => 4 * get.Leaves.Count + 8 * get.Marks.Count,
            ExchangeMessage.Listed listed => 2 * listed.Missing.Count + listed.Entries.Sum(entry => 8 + entry.Key.Key.Length),
            ExchangeMessage.Push push => push.States.Sum(state => state.Key.Key.Length + SiblingSetCodec.MaxSize(state.Set)),
            ExchangeMessage.Pushed pushed => pushed.Differing.Sum(state => state.Key.Key.Length + SiblingSetCodec.MaxSize(state.Set)),
            ExchangeMessage.Pull pull => pull.Keys.Sum(key => key.Key.Length),
            ExchangeMessage.Pulled pulled => pulled.States.Sum(state => state.Key.Key.Length + SiblingSetCodec.MaxSize(state.Set)),
            _ => 32,
        };
        return Carry(message);
    }

    private void Measure(IReadOnlyList<KeyState> states)
    {
        var bytes = states.Sum(state => state.Set.ValueBytes());
        LargestStates = Math.Max(LargestStates, bytes);
        if (states.Count > 1)
            LargestOfMany = Math.Max(LargestOfMany, bytes);
    }

    private sealed class Store
    {
        private readonly Dictionary<BucketKey, SiblingSet> _states = [];
        private readonly SortedSet<BucketKey> _keys = [];

        public HashTree Tree { get; set; } = new(2);

        public void Put(BucketKey key, SiblingSet set)
        {
            var before = _states.GetValueOrDefault(key, SiblingSet.Empty);
            var after = SiblingSet.Sync(before, set);
            Tree.Update(Token.Of(key), before.Hash, after.Hash);
            _states[key] = after;
            _keys.Add(key);
        }

        public List<KeyHash> List(ExchangeEffect.ListKeys list)
        {
            var leaves = list.Leaves.ToHashSet();
            var behind = list.Range.After is { } after && _keys.Count > 0 && after < _keys.Max ? _keys.GetViewBetween(after, _keys.Max) : _keys;
            return
            [
                .. behind.TakeWhile(key => !list.Range.IsBeyond(key))
                    .Where(key => list.Range.Contains(key) && leaves.Contains(HashTree.PlaceOf(Token.Of(key), list.Level)))
                    .Take(list.Most)
                    .Select(key => new KeyHash(key, _states[key].Hash)),
            ];
        }

        public List<KeyState> Read(IEnumerable<BucketKey> keys) => [.. keys.Where(_states.ContainsKey).Select(key => new KeyState(key, _states[key]))];

        public List<KeyState> Merge(IReadOnlyList<KeyState> states)
        {
            foreach (var state in states)
                Put(state.Key, state.Set);
            return Read(states.Select(state => state.Key));
        }
    }
}
