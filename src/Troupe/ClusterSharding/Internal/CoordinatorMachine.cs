using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// Decides where shards live and moves them: the coordinator without its plumbing. Methods for what happened; what to do next is
/// collected in <see cref="TakeEffects"/>.
/// <para>Owner: a ShardCoordinator, or a test. Thread rule: one at a time.</para>
/// Invariants:
/// <list type="number">
/// <item>A home is told to nobody before enough members hold it.</item>
/// <item>A shard is given a home only when it has none, in what is decided and in what is written.</item>
/// <item>A shard loses its home only when its region has stopped it, or is gone for good.</item>
/// <item>While its hand-off is under way nobody is told a shard's home.</item>
/// <item>One write is under way at a time; what is decided meanwhile goes with the next one. A write that does not come through
/// stops all
/// that needs one.</item>
/// </list>
/// </summary>
internal sealed partial class CoordinatorMachine
{
    private readonly List<CoordinatorEffect> _effects = [];

    // What waits for a write: done when the state of that number is held by enough members.
    private readonly Queue<(long Write, Action Do)> _whenWritten = new();
    private readonly SortedSet<IActorRef> _proxies = new(ShardHomes.ByPath.Instance);
    private readonly SortedSet<IActorRef> _called = new(ShardHomes.ByPath.Instance);
    private readonly SortedSet<IActorRef> _leaving = new(ShardHomes.ByPath.Instance);
    private readonly SortedSet<string> _unstarted = new(StringComparer.Ordinal);

    // Shards whose place has changed with the decision of that number: nobody is told, and nothing more is decided about them,
    // before it
    // is written.
    private readonly Dictionary<string, long> _unwritten = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, HandOffInProgress> _handOffs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<IActorRef>> _asking = new(StringComparer.Ordinal);
    private readonly Queue<string> _homeless = new();
    private readonly PlantedBugs _bugs;
    private ShardHomes _homes;
    private string? _allocating;
    private long _decided;
    private long _writing;
    private long _written;
    private long _attempts;

    /// <summary>Begins with what the last coordinator has left; the first write is that state under this coordinator's
    /// term.</summary>
    public CoordinatorMachine(ShardHomes inherited, PlantedBugs bugs = PlantedBugs.None)
    {
        _bugs = bugs;
        if (bugs == PlantedBugs.InheritsNothing) inherited = ShardHomes.Empty;
        _homes = inherited;
        foreach (var region in inherited.Regions.Keys) Do(new CoordinatorEffect.Watch(region));
        Decide(inherited, AskAgain);
    }

    public ShardHomes Homes => _homes;

    /// <summary>True while a decision waits for the members.</summary>
    public bool IsWriting => _writing > _written;

    public IReadOnlyCollection<string> Moving => _handOffs.Keys;

    /// <summary>Regions that may be given shards.</summary>
    private ImmutableSortedDictionary<IActorRef, IImmutableList<string>> Takers =>
        _leaving.Count == 0 ? _homes.Regions : _homes.Regions.RemoveRange(_leaving);

    /// <summary>What is to be done since the last call, in order.</summary>
    public IReadOnlyList<CoordinatorEffect> TakeEffects()
    {
        var taken = _effects.ToArray();
        _effects.Clear();
        return taken;
    }

    public void OnWritten(long number)
    {
        if (number != _writing || number <= _written) return;
        _written = number;
        foreach (var shard in _unwritten.Where(s => s.Value <= _written).Select(s => s.Key).ToList()) _unwritten.Remove(shard);
        while (_whenWritten.TryPeek(out var next) && next.Write <= _written)
        {
            _whenWritten.Dequeue();
            next.Do();
        }
        WriteNext();
    }

    public void OnRegister(IActorRef region, ImmutableArray<string> running)
    {
        if (_bugs == PlantedBugs.InheritsNothing) running = [];
        var homes = _homes.WithRegion(region);
        var isNew = !ReferenceEquals(homes, _homes);
        if (isNew) Do(new CoordinatorEffect.Watch(region));
        // What it runs and nobody is said to have is its own: that knowledge was lost with all who held it.
        var adopted = running.Where(s => homes.HomeOf(s) is null && !_handOffs.ContainsKey(s)).Distinct().ToList();
        foreach (var shard in adopted) homes = homes.WithHome(shard, region);
        if (isNew || adopted.Count > 0)
            Decide(homes, () => Welcome(region, running), adopted);
        else
            WhenWritten(() => Welcome(region, running));
    }

    public void OnRegisterProxy(IActorRef proxy)
    {
        if (_proxies.Add(proxy)) Do(new CoordinatorEffect.Watch(proxy));
        Send(proxy, ShardingMessage.Registered.Instance);
    }

    /// <summary>The region or proxy, and all that it had, is gone for good.</summary>
    public void OnGone(IActorRef region)
    {
        _leaving.Remove(region);
        _called.Remove(region);
        var known = _proxies.Remove(region) | _homes.Has(region);
        if (!known) return;
        var lost = _homes.ShardsOf(region);
        foreach (var shard in lost) _unstarted.Remove(shard);
        if (_homes.Has(region)) Decide(_homes.Without(region), AskAgain, lost);
        foreach (var handOff in _handOffs.Values.ToList())
        {
            if (handOff.From.Equals(region)) _handOffs.Remove(handOff.Shard);
            else Forgotten(handOff, region);
        }
    }

    public void OnGetShardHome(string shard, IActorRef requester)
    {
        if (IsSettled(shard, out var home))
        {
            Send(requester, new ShardingMessage.ShardHome(shard, home));
            return;
        }
        if (!_asking.TryGetValue(shard, out var asking)) _asking[shard] = asking = [];
        if (!asking.Contains(requester)) asking.Add(requester);
        QueueForHome(shard);
    }

    /// <summary>The strategy's answer; null when it had none.</summary>
    public void OnAllocated(string shard, IActorRef? region)
    {
        if (_allocating != shard) return;
        _allocating = null;
        // Without an answer that holds it is asked again when a region asks again.
        if (region is not null && Takers.ContainsKey(region) && IsHomeless(shard))
            Decide(_homes.WithHome(shard, region), () => Settled(shard), [shard]);
        AllocateNext();
    }

    public void OnShardStarted(string shard, IActorRef region)
    {
        if (region.Equals(_homes.HomeOf(shard))) _unstarted.Remove(shard);
    }

    /// <summary>Regions that have not said that their shards run are told again.</summary>
    public void OnStartTimeout()
    {
        foreach (var shard in _unstarted) Send(_homes.HomeOf(shard)!, new ShardingMessage.HostShard(shard));
    }

    private void Welcome(IActorRef region, ImmutableArray<string> running)
    {
        if (!_homes.Has(region)) return;
        _called.Add(region);
        Send(region, ShardingMessage.Registered.Instance);
        foreach (var shard in _homes.ShardsOf(region))
        {
            if (running.Contains(shard) || _unwritten.ContainsKey(shard) || _handOffs.ContainsKey(shard)) continue;
            _unstarted.Add(shard);
            Send(region, new ShardingMessage.HostShard(shard));
        }
        foreach (var shard in running)
        {
            // Somebody else has it: two at once would be worse than none.
            if (_homes.HomeOf(shard) is { } home && !home.Equals(region)) Send(region, new ShardingMessage.HandOff(shard));
            else AnswerAll(shard);
        }
        AskAgain();
    }

    private void Settled(string shard)
    {
        if (_homes.HomeOf(shard) is not { } home || _unwritten.ContainsKey(shard)) return;
        _unstarted.Add(shard);
        Send(home, new ShardingMessage.HostShard(shard));
        AnswerAll(shard);
        if (_leaving.Contains(home)) BeginHandOff(shard);
    }

    /// <summary>Places may have become free, and regions may have come: whoever waits for a home is thought of again.</summary>
    private void AskAgain()
    {
        foreach (var shard in _asking.Keys.Order(StringComparer.Ordinal).ToList()) QueueForHome(shard);
    }

    private void AnswerAll(string shard)
    {
        if (!IsSettled(shard, out var home) || !_asking.Remove(shard, out var asking)) return;
        foreach (var requester in asking) Send(requester, new ShardingMessage.ShardHome(shard, home));
    }

    private void QueueForHome(string shard)
    {
        if (!IsHomeless(shard)) return;
        if (_allocating != shard && !_homeless.Contains(shard)) _homeless.Enqueue(shard);
        AllocateNext();
    }

    private void AllocateNext()
    {
        if (_allocating is not null || Takers.IsEmpty) return;
        while (_homeless.TryDequeue(out var shard))
        {
            if (!IsHomeless(shard) || !_asking.TryGetValue(shard, out var asking)) continue;
            _allocating = shard;
            Do(new CoordinatorEffect.Allocate(shard, asking[0], Takers));
            return;
        }
    }

    private bool IsSettled(string shard, [NotNullWhen(true)] out IActorRef? home)
    {
        home = _homes.HomeOf(shard);
        return home is not null && !_handOffs.ContainsKey(shard) && !_unwritten.ContainsKey(shard);
    }

    private bool IsHomeless(string shard) => _homes.HomeOf(shard) is null && !_unwritten.ContainsKey(shard);

    private void Decide(ShardHomes homes, Action whenWritten, IReadOnlyCollection<string>? shards = null)
    {
        _homes = homes;
        _decided++;
        foreach (var shard in shards ?? []) _unwritten[shard] = _decided;
        _whenWritten.Enqueue((_decided, whenWritten));
        WriteNext();
    }

    /// <summary>Now, or after the writes that are under way.</summary>
    private void WhenWritten(Action action)
    {
        if (_written == _decided) action();
        else _whenWritten.Enqueue((_decided, action));
    }

    private void WriteNext()
    {
        if (IsWriting || _written == _decided) return;
        _writing = _decided;
        Do(new CoordinatorEffect.Write(_writing, _homes));
    }

    private void Send(IActorRef to, ShardingMessage message) => Do(new CoordinatorEffect.Send(to, message));

    private void Do(CoordinatorEffect effect) => _effects.Add(effect);
}
