namespace KvStore.Simulator.Histories;

/// <summary>Everything that clients did in one run, in the order of the answers.</summary>
public sealed class History
{
    private readonly List<Operation> _operations = [];

    public IReadOnlyList<Operation> Operations => _operations;

    public IEnumerable<Write> Writes => _operations.OfType<Write>();

    public IEnumerable<Read> Reads => _operations.OfType<Read>();

    public void Add(Operation operation) => _operations.Add(operation);
}
