using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Tests.Causality;

/// <summary>
/// A key's life at three replicas, driven by a list of numbers so that FsCheck can shrink it: writes with the context of some
/// read, blind writes, deletes, and syncs from one replica to another. Remembers what each write descends from.
/// </summary>
internal sealed class History
{
    public const int Replicas = 3;

    private readonly ulong[] _counters = new ulong[Replicas];

    /// <summary>What each replica holds.</summary>
    public SiblingSet[] States { get; } = [SiblingSet.Empty, SiblingSet.Empty, SiblingSet.Empty];

    /// <summary>Every write, with the writes that its writer had seen, and theirs.</summary>
    public Dictionary<Dot, HashSet<Dot>> PastOf { get; } = [];

    public static History Run(IEnumerable<int> script)
    {
        var history = new History();
        foreach (var step in script)
            history.Step(step & int.MaxValue);
        return history;
    }

    /// <summary>A write at one replica by somebody who has read another replica.</summary>
    public Dot Write(int at, SiblingSet read, bool isDelete = false)
    {
        var dot = Nodes.Dot(new NodeId(1, (ulong)at + 1), ++_counters[at]);
        var past = new HashSet<Dot>();
        foreach (var (write, before) in PastOf)
        {
            if (read.Context.Covers(write))
                past.UnionWith([.. before, write]);
        }

        PastOf.Add(dot, past);
        var version = isDelete ? Sibling.Tombstone(dot) : Sibling.OfValue(dot, BitConverter.GetBytes(dot.Counter));
        States[at] = States[at].Update(read.Context, version);
        return dot;
    }

    public void Sync(int from, int to) => States[to] = SiblingSet.Sync(States[to], States[from]);

    /// <summary>Brings all replicas to what all have seen together.</summary>
    public SiblingSet SyncAll()
    {
        var all = States.Aggregate(SiblingSet.Sync);
        Array.Fill(States, all);
        return all;
    }

    private void Step(int step)
    {
        var (kind, one, other) = (step % 5, step / 5 % Replicas, step / 15 % Replicas);
        switch (kind)
        {
            case 0:
                Write(one, SiblingSet.Empty);
                break;
            case 1:
                Write(one, States[other]);
                break;
            case 2:
                Write(one, States[other], isDelete: true);
                break;
            default:
                Sync(one, other);
                break;
        }
    }
}
