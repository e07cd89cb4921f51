using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Tests.Checking;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// Judges a finished run by what clients were promised, knowing nothing of how the store works: I1 no acknowledged write is lost,
/// I2 no phantom, I3 no resurrection, I4 convergence, I5 no dot names two writes, I11 what was refused never appears.
/// </summary>
internal static class Checkers
{
    /// <summary>More than any two clocks differ by.</summary>
    private static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(4);

    public static IReadOnlyList<string> Check(SimWorld world)
    {
        var found = new List<string>(world.History.Violations);
        CheckConvergence(world, found);
        foreach (var read in world.History.Reads)
        {
            CheckNothingRefused(world.History, read, found);
            if (read.Strict)
                CheckRegular(world.History, read, found);
            if (read.Strict && world.Options.Policy == ConflictPolicy.LastWriterWins)
                CheckLatest(world.History, read, found);
        }

        CheckMonotonic(world.History, found);
        if (world.Options.Strong && WglChecker.Check(world.History.Registers) != LinearizabilityVerdict.Linearizable)
            found.Add($"Linearizability: {string.Join("; ", world.History.Registers)}");
        return found;
    }

    /// <summary>Whether an owner still stores a key that is deleted or has expired, by all clocks and for a minute.</summary>
    public static bool IsAnythingDead(SimWorld world) => world.Keys.Any(key =>
        world.Node(world.Ring.List.Primaries[0]).Disk.Durable(key).IsDeadAt((long)(world.Now - TimeSpan.FromMinutes(1)).TotalMilliseconds));

    /// <summary>Every acknowledged write is known to every owner, though no owner has compared with another of its own accord.</summary>
    public static void CheckHintsCameHome(SimWorld world)
    {
        var history = world.History;
        foreach (var write in history.Writes.Values.Where(write => write.Acked is not null && world.Ring.List.Primaries.Any(write.MintedBy)))
        {
            foreach (var owner in world.Ring.List.Primaries.Select(world.Node))
            {
                var known = history.Closure(owner.Disk.Durable(write.Key).Siblings.ToArray().Select(sibling => sibling.Request));
                if (!known.Contains(write.Id) && !IsDeletedBy(history, write, world.Now))
                    history.Violations.Add($"I4: no hint brought {write.Id}, acknowledged at {write.Acked}, to {owner.Id}");
            }
        }
    }

    /// <summary>Whether a delete, or what has expired, is the write or had replaced it.</summary>
    private static bool IsDeletedBy(History history, WriteRecord write, TimeSpan now) => Deaths(history, write, now).Any();

    private static IEnumerable<WriteRecord> Deaths(History history, WriteRecord write, TimeSpan now) =>
        history.Writes.Values.Where(other =>
            other.Key == write.Key && other.IsDeadAt(now + MaxSkew) && (other == write || history.Closure([other.Id]).Contains(write.Id)));

    /// <summary>
    /// A strict read shows every write acknowledged before it began, or something that descends from it, and nothing that such
    /// a write had replaced. For the last reads, after everything healed, this is I1 and I3 for all writes.
    /// </summary>
    private static void CheckRegular(History history, ReadRecord read, List<string> found)
    {
        var before = history.Writes.Values.Where(write => write.Key == read.Key && write.Acked < read.Started).ToArray();
        var known = history.Closure(read.Seen);
        foreach (var write in before)
        {
            if (!known.Contains(write.Id) && !IsForgotten(history, read, write))
                found.Add($"I1: {Name(read)} misses {write.Id}, acknowledged at {write.Acked}");
            foreach (var replaced in history.Replaced(read, write))
                found.Add($"I3: {Name(read)} shows {replaced}, which {write.Id} replaced at {write.Acked}");
        }
    }

    /// <summary>A key that is not there at all was forgotten: right if the write was a delete, or a delete had seen it.</summary>
    private static bool IsForgotten(History history, ReadRecord read, WriteRecord write) =>
        IsDeletedBy(history, write, read.Ended) && IsReaped(history, read, write);

    /// <summary>
    /// Reaping forgets a delete with all that it knew; what is shown beside it later may not be older. So it is enough that nothing is
    /// shown which the delete replaced.
    /// </summary>
    private static bool IsReaped(History history, ReadRecord read, WriteRecord write) => Deaths(history, write, read.Ended)
        .Any(delete => (delete.Acked is not null || delete.MaybeDone) && !history.Replaced(read, delete).Any());

    /// <summary>
    /// Where the last writer wins, a read shows nothing that was over before another acknowledged write began, as far as clocks agree.
    /// </summary>
    private static void CheckLatest(History history, ReadRecord read, List<string> found)
    {
        foreach (var shown in read.Shown.Select(id => history.Writes[id]))
        {
            var later = history.Writes.Values.FirstOrDefault(write =>
                write.Key == read.Key && write.Acked < read.Started && write.Started > shown.Acked + MaxSkew && !write.IsDeadAt(read.Ended));
            if (later is not null)
                found.Add($"LWW: {Name(read)} shows {shown.Id}, acknowledged at {shown.Acked}, and not {later.Id}, begun at {later.Started}");
        }
    }

    private static void CheckNothingRefused(History history, ReadRecord read, List<string> found)
    {
        foreach (var id in read.Seen)
        {
            if (!history.Writes.TryGetValue(id, out var write))
                found.Add($"I2: {Name(read)} shows {id}, which nobody wrote");
            else if (write is { NotDone: true, MaybeDone: false, Acked: null })
                found.Add($"I11: {Name(read)} shows {id}, which was answered as not done");
        }
    }

    /// <summary>What a monotonic strict read showed, no later one misses.</summary>
    private static void CheckMonotonic(History history, List<string> found)
    {
        foreach (var first in history.Reads.Where(read => read is { Strict: true, Monotonic: true }))
        {
            foreach (var later in history.Reads.Where(read => read.Strict && read.Key == first.Key && read.Started > first.Ended))
            {
                var known = history.Closure(later.Seen);
                foreach (var id in first.Shown.Where(id => !known.Contains(id) && !IsForgotten(history, later, history.Writes[id])))
                    found.Add($"Monotonic: {Name(later)} misses {id}, which {Name(first)} showed");
            }
        }
    }

    private static void CheckConvergence(SimWorld world, List<string> found)
    {
        if (world.Ring.IsMoving)
            found.Add("I4: the move did not finish");
        var owners = world.Ring.List.Primaries.Select(world.Node).ToArray();
        foreach (var node in world.Nodes.Where(node => node.HasHints))
            found.Add($"I4: {node.Id} still keeps hints");
        foreach (var node in world.Nodes.Where(node => node.Retirement.IsWaiting))
            found.Add($"I4: {node.Id} still keeps what it minted in another's place");
        foreach (var key in world.Keys)
        {
            if (owners.Any(node => !node.Disk.Durable(key).StateEquals(owners[0].Disk.Durable(key))))
                found.Add($"I4: {key} differs: {string.Join(" / ", owners.Select(node => node.Disk.Durable(key)))}");
        }

        foreach (var node in owners)
        {
            var tree = new HashTree(1);
            foreach (var (token, hash) in node.Disk.TreeEntries())
                tree.Update(token, 0, hash);
            if (node.Replica!.Tree.Root != tree.Root)
                found.Add($"I4: {node.Id}'s tree is not that of what it stores");
        }

        if (world.History.Reads.Count(read => read.Final) != world.Options.Keys)
            found.Add("I4: not every key could be read at the end");
    }

    private static string Name(ReadRecord read) => $"{(read.Final ? "the last read" : "a read")} of {read.Key.Key} at {read.Started}";
}
