using System.Text;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Simulator.Histories;

/// <summary>
/// What must hold of every history at strict quorums with R + W > N, whatever failed meanwhile. Stands outside the system: it knows what
/// clients were told, and nothing else.
/// <list type="number">
/// <item>No lost write: a read that began after a write was acknowledged has that write in what it descends from, unless a delete may have
/// taken it along.</item>
/// <item>No resurrection: what an acknowledged delete had read is not seen after it.</item>
/// <item>No phantom: a value that is read was written, to that key.</item>
/// <item>One dot, one write.</item>
/// <item>Definite errors: what was refused is never read.</item>
/// </list>
/// </summary>
public static class HistoryChecker
{
    /// <summary>The violations, each in a sentence; none when the history is right.</summary>
    /// <param name="history">What clients were told.</param>
    /// <param name="since">Reads before this prove nothing: at sloppy quorums, before all is healed.</param>
    public static IReadOnlyList<string> Check(History history, TimeSpan since) =>
        [.. LostWrites(history, since), .. Resurrections(history, since), .. Phantoms(history), .. SharedDots(history)];

    private static IEnumerable<string> LostWrites(History history, TimeSpan since)
    {
        var deletes = history.Writes.Where(w => w.Deletes is not null && w.Result != PutResult.NotDone).ToLookup(w => w.Key);
        var acknowledged = history.Writes.Where(w => w.Result == PutResult.Done && w.Dot is not null).ToLookup(w => w.Key);
        return from read in history.Reads
               where read.State is not null && read.Sent >= since
               from write in acknowledged[read.Key]
               where write.Answered < read.Sent && !read.State!.Context.Covers(write.Dot!.Value)
                   && !deletes[read.Key].Any(delete => delete.Answered >= write.Sent && delete.Sent <= read.Answered)
               select $"lost write: {write.Value} to {write.Key}, acknowledged at {write.Answered} through node {write.Node}, "
                   + $"is not in what was read at {read.Sent} through node {read.Node}";
    }

    private static IEnumerable<string> Resurrections(History history, TimeSpan since)
    {
        var deletes = history.Writes.Where(w => w.Deletes is not null && w.Result == PutResult.Done).ToLookup(w => w.Key);
        return from read in history.Reads
               where read.State is not null && read.Sent >= since
               from delete in deletes[read.Key]
               where delete.Answered < read.Sent
               from version in Versions(read.State!)
               where delete.Deletes!.Contains(version.Dot)
               select $"resurrection: {version.Dot} of {read.Key}, deleted at {delete.Answered}, was read at {read.Sent} through node {read.Node}";
    }

    private static IEnumerable<string> Phantoms(History history)
    {
        // Two deletes that begin at one moment have one name.
        var written = history.Writes.ToLookup(w => (w.Key, w.Value), w => w.Result);
        return from read in history.Reads
               where read.State is not null
               from value in Values(read.State!)
               let results = written[(read.Key, value)]
               where results.All(result => result == PutResult.NotDone)
               select $"phantom: {value} was read from {read.Key} at {read.Answered}, and "
                   + (results.Any() ? "its writer was told that it was not applied" : "nobody wrote it");
    }

    private static IEnumerable<string> SharedDots(History history)
    {
        var fromWrites = history.Writes.Where(w => w.Dot is not null).Select(w => (w.Key, Dot: w.Dot!.Value, w.Value));
        var fromReads = history.Reads.Where(r => r.State is not null).SelectMany(r =>
            Versions(r.State!).Select(v => (r.Key, v.Dot, Value: Encoding.UTF8.GetString(v.Value.Span))));
        return from dot in fromWrites.Concat(fromReads).Distinct().GroupBy(x => (x.Key, x.Dot))
               where dot.Select(x => x.Value).Distinct().Count() > 1
               select $"one dot, several writes: {dot.Key.Dot} of {dot.Key.Key} names {string.Join(" and ", dot.Select(x => x.Value).Distinct())}";
    }

    private static IEnumerable<string> Values(SiblingSet state) => Versions(state).Select(v => Encoding.UTF8.GetString(v.Value.Span));

    private static Sibling[] Versions(SiblingSet state) => state.Siblings.ToArray().Where(v => !v.IsTombstone).ToArray();
}
