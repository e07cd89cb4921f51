using KvStore.Core.Causality;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Core.Replication;

namespace KvStore.Core.Tests.Simulation;

/// <summary>A hint on the disk: whether a quorum counted the copy, and since when it is kept.</summary>
internal readonly record struct SimHint(bool Counts, TimeSpan Since);

/// <summary>
/// One node's storage: a log whose synced part survives a crash whole, and of whose rest a prefix does. Reads see what is logged.
/// </summary>
internal sealed class SimDisk
{
    private readonly List<Action<Image>> _unsynced = [];
    private Image _logged = new();
    private Image _durable = new();

    /// <summary>Keys whose bytes are rotten.</summary>
    public HashSet<BucketKey> Damaged { get; } = [];

    public bool IsSynced => _unsynced.Count == 0;

    public ReplicaMeta? Meta => _logged.Meta;

    public uint Starts => _logged.Starts;

    public IReadOnlyDictionary<BucketKey, SiblingSet> States => _logged.States;

    public IReadOnlyDictionary<BucketKey, Dictionary<NodeId, SimHint>> Hints => _logged.Hints;

    public LoadResult Load(BucketKey key) =>
        Damaged.Contains(key) ? LoadResult.Unreadable : new LoadResult(_logged.States.GetValueOrDefault(key, SiblingSet.Empty));

    public SiblingSet Durable(BucketKey key) => _durable.States.GetValueOrDefault(key, SiblingSet.Empty);

    public HandoffProgress ProgressOf(HandoffId handoff) => _logged.Progress.GetValueOrDefault(handoff);

    public void Store(BucketKey key, SiblingSet set, IReadOnlyList<NodeId> standsFor, TimeSpan now)
    {
        Damaged.Remove(key);
        Log(image =>
        {
            if (set.IsEmpty)
                image.States.Remove(key);
            else
                image.States[key] = set;
            if (set.IsEmpty)
                image.Hints.Remove(key);
            foreach (var owner in standsFor)
                image.Hint(key, owner, counts: true, now);
        });
    }

    public void NoteHint(BucketKey key, NodeId owner, TimeSpan now) => Log(image => image.Hint(key, owner, counts: false, now));

    public void SaveProgress(HandoffId handoff, HandoffProgress progress) => Log(image => image.Progress[handoff] = progress);

    public void RemoveHint(BucketKey key, NodeId owner) => Log(image =>
    {
        if (image.Hints.TryGetValue(key, out var owners) && owners.Remove(owner) && owners.Count == 0)
            image.Hints.Remove(key);
    });

    /// <summary>What this acceptor holds of the strong key.</summary>
    public AcceptorState<RegisterValue> Register => _logged.Register;

    public void SaveRegister(AcceptorState<RegisterValue> state) => Log(image => image.Register = state);

    public void SaveMeta(ReplicaMeta meta) => Log(image => image.Meta = meta);

    public void CountStart() => Log(image => image.Starts++);

    public void Sync()
    {
        foreach (var record in _unsynced)
            record(_durable);
        _unsynced.Clear();
    }

    /// <summary>The power goes: a prefix of what was not synced survives.</summary>
    public void Crash(int surviving)
    {
        foreach (var record in _unsynced.Take(surviving % (_unsynced.Count + 1)))
            record(_durable);
        _unsynced.Clear();
        _logged = _durable.Copy();
    }

    /// <summary>
    /// All keys are gone, and what a node knows of itself is not. The strong key stays too: a node that lost what it promised comes back
    /// under a new id.
    /// </summary>
    public void Wipe(ReplicaMeta meta)
    {
        Damaged.Clear();
        _durable = new Image { Meta = meta, Starts = _durable.Starts, Register = _durable.Register };
        _logged = _durable.Copy();
    }

    /// <summary>What a hash tree of everything that can be read now is made of.</summary>
    public IReadOnlyList<(Token Token, ulong Hash)> TreeEntries() =>
        [.. _logged.States.Where(entry => !Damaged.Contains(entry.Key)).Select(entry => (Token.Of(entry.Key), entry.Value.Hash))];

    /// <summary>The highest counter of an incarnation in anything stored.</summary>
    public ulong HighestOf(Incarnation incarnation) =>
        _logged.States.Values.Select(set => set.Context[incarnation]).DefaultIfEmpty().Max();

    private void Log(Action<Image> record)
    {
        record(_logged);
        _unsynced.Add(record);
    }

    private sealed class Image
    {
        public Dictionary<BucketKey, SiblingSet> States { get; private init; } = [];

        public Dictionary<BucketKey, Dictionary<NodeId, SimHint>> Hints { get; private init; } = [];

        public Dictionary<HandoffId, HandoffProgress> Progress { get; private init; } = [];

        public AcceptorState<RegisterValue> Register { get; set; } = AcceptorState<RegisterValue>.Empty;

        public ReplicaMeta? Meta { get; set; }

        public uint Starts { get; set; }

        public void Hint(BucketKey key, NodeId owner, bool counts, TimeSpan now)
        {
            var owners = Hints.TryGetValue(key, out var known) ? known : Hints[key] = [];
            owners[owner] = owners.TryGetValue(owner, out var hint)
                ? hint with { Counts = hint.Counts || counts }
                : new SimHint(counts, now);
        }

        public Image Copy() => new()
        {
            States = new(States),
            Hints = Hints.ToDictionary(entry => entry.Key, entry => entry.Value.ToDictionary()),
            Progress = new(Progress),
            Register = Register,
            Meta = Meta,
            Starts = Starts,
        };
    }
}
