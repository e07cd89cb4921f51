using KvStore.Core.Identity;

namespace KvStore.Core.AntiEntropy;

/// <summary>
/// The answering side of one exchange. It follows: one answer for each message, and no state but what the initiator vouched for.
/// One driver owns it and drops it when the initiator falls silent; not thread-safe.
/// </summary>
public sealed class ExchangeResponder
{
    private readonly HashTree _tree;
    private readonly Func<Vouched> _vouched;
    private readonly RingEpoch _epoch;
    private readonly ulong _number;
    private readonly ExchangeOptions _options;
    private Dictionary<BucketKey, ulong> _pushed = [];
    private ExchangeMessage.GetKeys? _asked;
    private Vouched? _byInitiator;
    private int _step;
    private bool _answerDue;

    /// <param name="tree">The own replica's tree, live.</param>
    /// <param name="vouched">What the own replica vouches for at the moment it is asked.</param>
    /// <param name="epoch">The epoch up to which the own replica has confirmed its fence: nothing older is under way.</param>
    /// <param name="number">A number that no other responder of this node has or had: drawn at random.</param>
    /// <param name="options">Sizes.</param>
    public ExchangeResponder(HashTree tree, Func<Vouched> vouched, RingEpoch epoch, ulong number, ExchangeOptions options) =>
        (_tree, _vouched, _epoch, _number, _options) = (tree, vouched, epoch, number, options);

    /// <summary>Defects that tests switch on.</summary>
    internal PlantedBugs Bugs { get; init; }

    /// <summary>The initiator asked.</summary>
    public void OnMessage(ExchangeMessage message, List<ExchangeEffect> effects)
    {
        if (message.Step <= _step || (message is not ExchangeMessage.Open && message.Responder != _number))
            return;
        (_step, _answerDue) = (message.Step, true);
        switch (message)
        {
            case ExchangeMessage.Open open:
                OnOpen(open, effects);
                break;
            case ExchangeMessage.GetSums get when IsWithinTree(get):
                Answer(new ExchangeMessage.Sums(get.Level, get.Parents, Children(get)), effects);
                break;
            case ExchangeMessage.GetKeys get when get.Level <= _tree.Depth && get.Most > 0:
                _asked = get;
                effects.Add(new ExchangeEffect.ListKeys(get.Level, get.Leaves, get.Range, get.Most));
                break;
            case ExchangeMessage.Push push:
                _pushed = push.States.ToDictionary(state => state.Key, state => state.Set.Hash);
                effects.Add(new ExchangeEffect.Merge(push.States));
                break;
            case ExchangeMessage.Pull pull:
                effects.Add(new ExchangeEffect.ReadStates(pull.Keys));
                break;
            case ExchangeMessage.Complete when _byInitiator is { } vouched && _tree.IsComplete:
                effects.Add(new ExchangeEffect.RaiseWatermarks(vouched));
                effects.Add(new ExchangeEffect.End(ExchangeEnd.Complete, 0, 0));
                break;
            default:
                Answer(new ExchangeMessage.Failed(), effects);
                break;
        }
    }

    /// <summary>Storage listed the keys asked for; when that is as many as it was to list, there may be more.</summary>
    public void OnListed(IReadOnlyList<KeyHash> entries, List<ExchangeEffect> effects)
    {
        if (_asked is not { Marks: var marks } asked)
            return;
        _asked = null;
        var theirs = marks.ToHashSet();
        var ours = entries.Select(HashTree.MarkOf).ToHashSet();
        KeyHash[] differing = [.. entries.Where(entry => !theirs.Contains(HashTree.MarkOf(entry)))];
        int[] missing = [.. Enumerable.Range(0, marks.Count).Where(place => !ours.Contains(marks[place]))];
        BucketKey? through = entries.Count < asked.Most ? null : entries[^1].Key;
        Answer(new ExchangeMessage.Listed(differing, missing, through), effects);
    }

    /// <summary>Storage read the states asked for; null when one of them cannot be read.</summary>
    public void OnRead(IReadOnlyList<KeyState>? states, List<ExchangeEffect> effects)
    {
        if (states is null)
        {
            Answer(new ExchangeMessage.Failed(), effects);
            return;
        }

        var (fit, rest) = Fitting(states);
        Answer(new ExchangeMessage.Pulled(fit, rest), effects);
    }

    /// <summary>The replica merged and stored what was pushed; null when it could not.</summary>
    public void OnMerged(IReadOnlyList<KeyState>? held, List<ExchangeEffect> effects)
    {
        if (held is null)
        {
            Answer(new ExchangeMessage.Failed(), effects);
            return;
        }

        var (fit, rest) = Fitting(held.Where(IsNotAsPushed));
        Answer(new ExchangeMessage.Pushed(fit, rest), effects);
    }

    /// <summary>
    /// The smallest of these, as many as fit into a message, and the keys of the rest. What is said of a key that is held no more has no
    /// size, and is never in the rest.
    /// </summary>
    private (List<KeyState> Fit, List<BucketKey> Others) Fitting(IEnumerable<KeyState> states)
    {
        var bySize = states.OrderBy(StateParcel.SizeOf).ToList();
        var count = StateParcel.CountThatFit(bySize, _options.BytesPerMessage);
        return (bySize[..count], bySize[count..].ConvertAll(state => state.Key));
    }

    private bool IsNotAsPushed(KeyState held) => _pushed.GetValueOrDefault(held.Key) != held.Set.Hash;

    private void OnOpen(ExchangeMessage.Open open, List<ExchangeEffect> effects)
    {
        if (open.Epoch != _epoch)
        {
            Answer(new ExchangeMessage.Declined(ExchangeEnd.StaleEpoch, _epoch), effects);
            return;
        }

        _byInitiator = open.Vouched;
        if ((Bugs & PlantedBugs.WatermarkByMaximum) != 0)
            effects.Add(new ExchangeEffect.RaiseWatermarks(open.Vouched));
        var vouched = _vouched();
        Answer(new ExchangeMessage.Opened(_tree.Depth, _tree.Root, vouched), effects);
    }

    private bool IsWithinTree(ExchangeMessage.GetSums get) =>
        get.Level >= 0 && get.Level < _tree.Depth
        && get.Parents.All(place => place >= 0 && place < 1 << (HashTree.BitsPerLevel * get.Level));

    private List<ulong> Children(ExchangeMessage.GetSums get)
    {
        var sums = new List<ulong>(get.Parents.Count * HashTree.Fanout);
        foreach (var parent in get.Parents)
            sums.AddRange(_tree.Children(get.Level, parent));
        return sums;
    }

    /// <summary>
    /// Answers the question at hand, once; declined, nothing follows. What was found on a tree that has been replaced since proves nothing.
    /// </summary>
    private void Answer(ExchangeMessage message, List<ExchangeEffect> effects)
    {
        if (!_tree.IsComplete && message is not ExchangeMessage.Declined)
            message = new ExchangeMessage.Declined(ExchangeEnd.TreeIncomplete, _epoch);
        if (!_answerDue)
            return;
        effects.Add(new ExchangeEffect.Send(message with { Step = _step, Responder = _number }));
        _answerDue = false;
        if (message is ExchangeMessage.Declined declined)
            effects.Add(new ExchangeEffect.End(declined.Reason, 0, 0));
    }
}
