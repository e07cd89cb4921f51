using System.Collections.Immutable;
using KvStore.Core.Causality;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Tests.Placement;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.Handoff;

/// <summary>
/// One stream between two nodes over a line that loses, doubles and reorders, with either side crashing to what it has on its disk.
/// What the receiver's disk is given at one time it takes in any order, and a crash loses what is not yet written. It holds keys at first
/// that the source has forgotten.
/// </summary>
internal sealed class HandoffWorld
{
    private readonly Random _random;
    private readonly PlantedRingBugs _bugs;
    private readonly List<Action> _bag = [];
    private readonly List<Action> _timers = [];
    private readonly List<Action> _unwritten = [];
    private readonly SortedDictionary<BucketKey, HandoffItem> _source = [];
    private readonly List<BucketKey> _events = [];
    private readonly HashSet<BucketKey> _forgotten;
    private List<HandoffItem> _snapshot = [];
    private readonly HandoffId _id = new(new PartitionId(3), Rings.Node(1), Rings.Node(2), new RingEpoch(1, 7));
    private readonly HandoffOptions _options = new() { BatchBytes = 3, Window = 3 };
    private HandoffSender _sender;
    private HandoffReceiver _receiver;
    private HandoffProgress _progress;

    public HandoffWorld(int seed, PlantedRingBugs bugs)
    {
        _random = new Random(seed);
        _bugs = bugs;
        for (var key = 0; key < 20; key++)
            WriteAtSource(50 * key);
        _forgotten = [.. Enumerable.Range(0, 12).Select(_ => Name($"key-{_random.Next(1_000):d3}-forgotten")), Name("a"), Name("z")];
        Disk.UnionWith(_forgotten);
        _sender = new HandoffSender(_id, _options);
        _receiver = new HandoffReceiver(_id, default, _options) { Bugs = bugs };
    }

    public HashSet<BucketKey> Disk { get; } = [];

    public bool IsFilled { get; private set; }

    public int Sent { get; private set; }

    /// <summary>Whether everything is there that was at the source from when the stream began.</summary>
    public bool HasAll => _events.Take(20).Where(_source.ContainsKey).All(Disk.Contains);

    /// <summary>Whether nothing is there that the source had forgotten before.</summary>
    public bool HasNothingElse => !Disk.Overlaps(_forgotten);

    /// <summary>Whether everything is there that the receiver was told it has seen.</summary>
    public bool HasWhatItVouchesFor => _events.Take((int)Seen[FirstOf(A)]).Where(_source.ContainsKey).All(Disk.Contains);

    /// <summary>What the receiver was told it has seen, when it was full.</summary>
    public VersionVector Seen { get; private set; } = VersionVector.Empty;

    public void Run()
    {
        Receive(list => _receiver.Start(Next(), list));
        for (var step = 0; step < 4_000 && !IsFilled; step++)
            Step();
    }

    /// <summary>A new key, of which the receiver hears nothing but by the stream.</summary>
    private void WriteAtSource(int number)
    {
        var name = Name($"key-{number:d3}");
        if (_source.TryAdd(name, HandoffItem.Of(name, SiblingSet.Empty)))
            _events.Add(name);
    }

    private static BucketKey Name(string key) => new(BucketName.Default, Key.Of(key));

    private VersionVector SeenNow() => VersionVector.Of(new Dot(FirstOf(A), (ulong)_events.Count));

    private ulong Next() => (ulong)_random.NextInt64();

    private void Step()
    {
        var choice = _random.Next(100);
        if (choice == 0)
            CrashReceiver();
        else if (choice == 1)
            _sender = new HandoffSender(_id, _options);
        else if (choice < 4)
            WriteAtSource(_random.Next(1_000));
        else if (choice == 4 && _source.Count > 0)
            _source.Remove(_source.Keys.ElementAt(_random.Next(_source.Count)));
        else if (choice < 30 && _unwritten.Count > 0)
            Draw(_unwritten);
        else
            Draw(_bag.Count > 0 && choice < 95 ? _bag : _timers);
    }

    private void Draw(List<Action> bag)
    {
        if (bag.Count == 0)
            return;
        var index = _random.Next(bag.Count);
        var action = bag[index];
        bag[index] = bag[^1];
        bag.RemoveAt(bag.Count - 1);
        action();
    }

    private void CrashReceiver()
    {
        _unwritten.Clear();
        _receiver = new HandoffReceiver(_id, _progress, _options) { Bugs = _bugs };
        Receive(list => _receiver.Start(Next(), list));
    }

    private void Write(HandoffReceiver receiver, ulong session, HandoffEffect.Store store)
    {
        var unseen = _events.Skip((int)store.Seen[FirstOf(A)]).ToHashSet();
        Disk.RemoveWhere(key => store.Spans(key) && !unseen.Contains(key));
        Disk.UnionWith(store.Items.Select(item => item.Key));
        _progress = store.Progress;
        Receive(list => receiver.OnStored(session, store.Number, store.Progress, list));
    }

    private void Receive(Action<List<HandoffEffect>> call)
    {
        var effects = new List<HandoffEffect>();
        call(effects);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case HandoffEffect.Store store:
                    var (writer, session) = (_receiver, _receiver.Session);
                    _unwritten.Add(() => Write(writer, session, store));
                    break;
                case HandoffEffect.Filled filled:
                    (IsFilled, Seen) = (true, filled.Seen);
                    break;
                case HandoffEffect.StartTimer timer:
                    var receiver = _receiver;
                    _timers.Add(() => { if (receiver == _receiver) Receive(list => receiver.OnTimer(timer.Number, Next(), list)); });
                    break;
                case HandoffEffect.Send send:
                    Carry(() => Source(_sender, list => _sender.OnMessage(send.Message, list)));
                    break;
            }
        }
    }

    private void Source(HandoffSender sender, Action<List<HandoffEffect>> call)
    {
        if (sender != _sender)
            return;
        var effects = new List<HandoffEffect>();
        call(effects);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case HandoffEffect.TakeSnapshot take:
                    _bag.Add(() =>
                    {
                        _snapshot = [.. _source.Values];
                        Source(sender, list => sender.OnSnapshot(take.Turn, SeenNow(), list));
                    });
                    break;
                case HandoffEffect.Read read:
                    var rest = _snapshot.Where(item => read.After is not { } after || item.Key > after).ToList();
                    ImmutableArray<HandoffItem> items = [.. rest.Take(read.Bytes)];
                    _bag.Add(() => Source(sender, list => sender.OnRead(read.Turn, items, rest.Count <= read.Bytes, list)));
                    break;
                case HandoffEffect.Send send:
                    Sent++;
                    Carry(() => Receive(list => _receiver.OnMessage(send.Message, list)));
                    break;
            }
        }
    }

    private void Carry(Action deliver)
    {
        if (_random.Next(15) == 0)
            return;
        _bag.Add(deliver);
        if (_random.Next(15) == 0)
            _bag.Add(deliver);
    }
}
