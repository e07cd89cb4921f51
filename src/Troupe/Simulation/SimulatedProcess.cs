namespace Troupe.Simulation;

/// <summary>
/// One life of a node, from its start to its crash: owner of everything that its actor systems were given.
/// Invariants:
/// <list type="number">
/// <item>Once it is dead, nothing of it is ever called again.</item>
/// <item>While it is paused its steps wait, in order, and run after it resumes.</item>
/// </list>
/// </summary>
internal sealed class SimulatedProcess
{
    private readonly Queue<SimulationEvent> _waiting = [];

    public SimulatedProcess(World world, SimulatedNode node, int life)
    {
        Node = node;
        Life = life;
        Context = new SimulationContext(world, this);
        Entropy = world.Fork($"{node.Name}/{life}");
    }

    public SimulatedNode Node { get; }

    public int Life { get; }

    public SimulationContext Context { get; }

    public SimulationRandom Entropy { get; }

    public bool IsDead { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>Connections with an end in this process, in order of opening.</summary>
    public List<SimulatedConnection> Connections { get; } = [];

    public void Park(SimulationEvent waiting) => _waiting.Enqueue(waiting);

    public void Pause() => IsPaused = true;

    public IEnumerable<SimulationEvent> Resume()
    {
        IsPaused = false;
        var waited = _waiting.ToArray();
        _waiting.Clear();
        return waited;
    }

    public void Die()
    {
        IsDead = true;
        _waiting.Clear();
    }
}
