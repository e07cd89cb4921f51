using KvStore.Core.Identity;

namespace KvStore.Core.AntiEntropy;

/// <summary>
/// The initiating side of one exchange: compares two replicas' trees from the root down, looks again a little later at the leaves
/// that differ, then compares their keys, then sends and fetches only the states that differ. One driver owns it, hands it the
/// answers one after the other, and calls <see cref="OnTimeout"/> when one is late; not thread-safe.
/// <para>Invariants: (1) watermarks are raised only when every difference has been brought over and stored, to what the
/// peer vouched for before the first comparison; (2) what is sent grows with the difference, not with the data;
/// (3) nothing is held in memory beyond the keys of one message and the states that are read at once, however many keys the
/// peer has where this side has few; (4) events after End are ignored.</para>
/// <para>After DeCandia et al., "Dynamo" (2007), section 4.7, and Riak's tictac trees.</para>
/// </summary>
public sealed class ExchangeSession
{
    private readonly RingEpoch _epoch;
    private readonly HashTree _tree;
    private readonly Vouched _vouched;
    private readonly ExchangeOptions _options;
    private readonly Queue<(int Level, int Place)> _toCompare = new();
    private readonly SortedSet<int> _leaves = [];
    private readonly Queue<BucketKey> _toPush = new();
    private readonly Queue<BucketKey> _toPull = new();
    private readonly Queue<KeyState> _read = new();
    private readonly Dictionary<BucketKey, ulong> _pushedHashes = [];
    private Vouched? _byPeer;
    private IReadOnlyList<KeyHash>? _listed;
    private int[] _page = [];
    private KeyRange? _rest;
    private int _leafLevel;
    private int _asked;
    private int _step;
    private ulong _responder;
    private int _awaitedStep;
    private bool _awaitsSecondLook;
    private bool _secondLook;
    private bool _ended;
    private bool _whole = true;
    private long _sent;
    private long _received;

    /// <param name="epoch">The ring that made the two replicas peers; the own replica has confirmed its fence.</param>
    /// <param name="tree">The own replica's tree, complete and live.</param>
    /// <param name="vouched">What the own replica vouches for, read before this exchange.</param>
    /// <param name="options">Sizes and times.</param>
    public ExchangeSession(RingEpoch epoch, HashTree tree, Vouched vouched, ExchangeOptions options) =>
        (_epoch, _tree, _vouched, _options) = (epoch, tree, vouched, options);

    /// <summary>Defects that tests switch on.</summary>
    internal PlantedBugs Bugs { get; init; }

    /// <summary>Begins.</summary>
    public void Start(List<ExchangeEffect> effects)
    {
        if (_tree.IsComplete)
            Send(new ExchangeMessage.Open(_epoch, _tree.Depth, _tree.Root, _vouched), effects);
        else
            End(ExchangeEnd.TreeIncomplete, effects);
    }

    /// <summary>The peer answered.</summary>
    public void OnMessage(ExchangeMessage message, List<ExchangeEffect> effects)
    {
        if (_ended || message.Step != _awaitedStep)
            return;
        _awaitedStep = 0;
        if (!_tree.IsComplete)
        {
            End(ExchangeEnd.TreeIncomplete, effects);
            return;
        }

        switch (message)
        {
            case ExchangeMessage.Opened opened:
                OnOpened(opened, effects);
                break;
            case ExchangeMessage.Declined declined:
                End(declined.Reason, effects);
                break;
            case ExchangeMessage.Sums sums:
                OnSums(sums, effects);
                break;
            case ExchangeMessage.Listed listed:
                CompareKeys(listed, effects);
                break;
            case ExchangeMessage.Pushed pushed:
                OnPushed(pushed, effects);
                break;
            case ExchangeMessage.Pulled pulled:
                OnPulled(pulled, effects);
                break;
            default:
                End(ExchangeEnd.Failed, effects);
                break;
        }
    }

    /// <summary>The time of the second look has come.</summary>
    public void OnSecondLook(List<ExchangeEffect> effects)
    {
        if (_ended || !_awaitsSecondLook)
            return;
        (_awaitsSecondLook, _secondLook) = (false, true);
        var parents = _leaves.Select(leaf => leaf / HashTree.Fanout).Distinct();
        foreach (var parent in parents)
            _toCompare.Enqueue((_leafLevel - 1, parent));
        _leaves.Clear();
        CompareMore(effects);
    }

    /// <summary>Storage listed the keys of the leaves asked for; when that is as many as it was to list, there may be more.</summary>
    public void OnListed(IReadOnlyList<KeyHash> entries, List<ExchangeEffect> effects)
    {
        if (_ended || _rest is not { } range)
            return;
        _listed = entries;
        if (entries.Count >= _options.KeysPerMessage)
            _rest = range = range with { Through = entries[^1].Key };
        var marks = entries.Select(HashTree.MarkOf).ToList();
        Send(new ExchangeMessage.GetKeys(_leafLevel, _page, range, _options.KeysPerMessage, marks), effects);
    }

    /// <summary>Storage read the states asked for; null when one of them cannot be read.</summary>
    public void OnRead(IReadOnlyList<KeyState>? states, List<ExchangeEffect> effects)
    {
        if (_ended)
            return;
        if (states is null || states.Count < _asked)
            _whole = false;
        foreach (var state in states ?? [])
            _read.Enqueue(state);
        MoveStates(effects);
    }

    /// <summary>The replica merged and stored what the peer sent; null when it could not.</summary>
    public void OnMerged(IReadOnlyList<KeyState>? held, List<ExchangeEffect> effects)
    {
        if (_ended)
            return;
        _whole &= held is not null;
        MoveStates(effects);
    }

    /// <summary>An answer is overdue.</summary>
    public void OnTimeout(List<ExchangeEffect> effects)
    {
        if (!_ended)
            End(ExchangeEnd.Timeout, effects);
    }

    private void OnOpened(ExchangeMessage.Opened opened, List<ExchangeEffect> effects)
    {
        (_byPeer, _responder) = (opened.Vouched, opened.Responder);
        if ((Bugs & PlantedBugs.WatermarkByMaximum) != 0)
            effects.Add(new ExchangeEffect.RaiseWatermarks(_byPeer!));
        _leafLevel = Math.Min(_tree.Depth, opened.Depth);
        if (opened.Root != _tree.Root)
            _toCompare.Enqueue((0, 0));
        CompareMore(effects);
    }

    /// <summary>Asks for the next nodes' children; when there are none left, goes on with the leaves found.</summary>
    private void CompareMore(List<ExchangeEffect> effects)
    {
        if (_toCompare.TryPeek(out var first))
        {
            var parents = new List<int>();
            while (parents.Count < _options.NodesPerMessage && _toCompare.TryPeek(out var next) && next.Level == first.Level)
                parents.Add(_toCompare.Dequeue().Place);
            Send(new ExchangeMessage.GetSums(first.Level, parents), effects);
        }
        else if (_leaves.Count > 0 && !_secondLook)
        {
            _awaitsSecondLook = true;
            effects.Add(new ExchangeEffect.StartSecondLook(_options.SecondLookAfter));
        }
        else
        {
            NextPage(effects);
        }
    }

    private void OnSums(ExchangeMessage.Sums sums, List<ExchangeEffect> effects)
    {
        if (sums.Level >= _leafLevel || sums.Children.Count != sums.Parents.Count * HashTree.Fanout)
        {
            End(ExchangeEnd.Failed, effects);
            return;
        }

        for (var i = 0; i < sums.Children.Count; i++)
        {
            var place = sums.Parents[i / HashTree.Fanout] * HashTree.Fanout + i % HashTree.Fanout;
            if (_tree.Sum(sums.Level + 1, place) == sums.Children[i])
                continue;
            if (sums.Level + 1 == _leafLevel)
                _leaves.Add(place);
            else
                _toCompare.Enqueue((sums.Level + 1, place));
        }

        CompareMore(effects);
    }

    /// <summary>
    /// Lists the next keys of the leaves at hand, here and then there, or else of the next leaves; when there are none left, the exchange
    /// is complete. How many keys they have here says nothing of how many they have there.
    /// </summary>
    private void NextPage(List<ExchangeEffect> effects)
    {
        if (_rest is null && _leaves.Count == 0)
        {
            Finish(effects);
            return;
        }

        if (_rest is null)
        {
            _page = [.. _leaves.Take(_options.LeavesPerPage)];
            _leaves.ExceptWith(_page);
            _rest = KeyRange.All;
        }

        effects.Add(new ExchangeEffect.ListKeys(_leafLevel, _page, _rest.Value, _options.KeysPerMessage));
    }

    /// <summary>
    /// What the peer has not, or in another state, is pushed; what only the peer has is pulled. Where one of the two has stopped, both go
    /// on the next time.
    /// </summary>
    private void CompareKeys(ExchangeMessage.Listed theirs, List<ExchangeEffect> effects)
    {
        if (_listed is null || _rest is not { } range || theirs.Missing.Any(place => place < 0 || place >= _listed.Count)
            || (theirs.Through is { } last && !range.Contains(last)))
        {
            End(ExchangeEnd.Failed, effects);
            return;
        }

        var compared = new KeyRange(range.After, theirs.Through ?? range.Through);
        _rest = compared.Through is null ? null : new KeyRange(compared.Through, null);
        foreach (var place in theirs.Missing.Where(place => compared.Contains(_listed[place].Key)))
            _toPush.Enqueue(_listed[place].Key);
        var ours = _listed.Select(entry => entry.Key).ToHashSet();
        foreach (var entry in theirs.Entries.Where(entry => !ours.Contains(entry.Key)))
            _toPull.Enqueue(entry.Key);
        _listed = null;
        MoveStates(effects);
    }

    private void MoveStates(List<ExchangeEffect> effects)
    {
        if (_read.Count > 0)
        {
            PushRead(effects);
        }
        else if (_toPush.Count > 0)
        {
            var batch = Take(_toPush);
            _asked = batch.Count;
            effects.Add(new ExchangeEffect.ReadStates(batch));
        }
        else if (_toPull.Count > 0)
        {
            var batch = Take(_toPull);
            _asked = batch.Count;
            Send(new ExchangeMessage.Pull(batch), effects);
        }
        else
        {
            NextPage(effects);
        }
    }

    /// <summary>Pushes what was read, as much as fits into a message.</summary>
    private void PushRead(List<ExchangeEffect> effects)
    {
        var states = new List<KeyState>();
        for (var left = StateParcel.CountThatFit(_read, _options.BytesPerMessage); left > 0; left--)
            states.Add(_read.Dequeue());
        _pushedHashes.Clear();
        foreach (var state in states)
            _pushedHashes[state.Key] = state.Set.Hash;
        _sent += states.Count;
        Send(new ExchangeMessage.Push(states), effects);
    }

    /// <summary>What did not fit into the answer is asked for again; each answer brings something, so that it ends.</summary>
    private void OnPulled(ExchangeMessage.Pulled pulled, List<ExchangeEffect> effects)
    {
        if (pulled.Rest.Count >= _asked)
        {
            End(ExchangeEnd.Failed, effects);
            return;
        }

        foreach (var key in pulled.Rest)
            _toPull.Enqueue(key);
        _received += pulled.States.Count;
        effects.Add(new ExchangeEffect.Merge(pulled.States));
    }

    private void OnPushed(ExchangeMessage.Pushed pushed, List<ExchangeEffect> effects)
    {
        var merge = new List<KeyState>();
        foreach (var state in pushed.Differing)
        {
            if (!state.Set.IsEmpty)
                merge.Add(state);
            else if (_pushedHashes.TryGetValue(state.Key, out var hash))
                effects.Add(new ExchangeEffect.Forget(state.Key, hash));
        }

        foreach (var key in pushed.Rest.Where(_pushedHashes.ContainsKey))
            _toPull.Enqueue(key);
        _received += merge.Count;
        if (merge.Count > 0)
            effects.Add(new ExchangeEffect.Merge(merge));
        else
            MoveStates(effects);
    }

    private List<BucketKey> Take(Queue<BucketKey> queue)
    {
        var batch = new List<BucketKey>();
        while (batch.Count < _options.StatesPerMessage && queue.TryDequeue(out var key))
            batch.Add(key);
        return batch;
    }

    private void Finish(List<ExchangeEffect> effects)
    {
        if (!_whole || !_tree.IsComplete)
        {
            End(ExchangeEnd.Failed, effects);
            return;
        }

        Send(new ExchangeMessage.Complete(), effects);
        effects.Add(new ExchangeEffect.RaiseWatermarks(_byPeer!));
        End(ExchangeEnd.Complete, effects);
    }

    private void End(ExchangeEnd outcome, List<ExchangeEffect> effects)
    {
        _ended = true;
        effects.Add(new ExchangeEffect.End(outcome, _sent, _received));
    }

    private void Send(ExchangeMessage message, List<ExchangeEffect> effects) =>
        effects.Add(new ExchangeEffect.Send(message with { Step = _awaitedStep = ++_step, Responder = _responder }));
}
