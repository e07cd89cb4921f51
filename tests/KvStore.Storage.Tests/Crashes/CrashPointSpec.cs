using KvStore.Storage.Format;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tests.Model;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Crashes;

/// <summary>
/// All workloads of up to three steps, crashed after every single call that changes files, with several fates for what was not
/// synced: the store opens, holds a prefix of the writes with every durable one, and can be written to again.
/// </summary>
public class CrashPointSpec
{
    private static readonly Step[] Steps = Enum.GetValues<Step>();

    public static EveryPair<Step, Durability> FirstSteps => new(Steps, [Durability.Group, Durability.None]);

    [Theory]
    [MemberData(nameof(FirstSteps))]
    public void A_store_survives_a_crash_at_any_point(Step first, Durability durability)
    {
        int points = CrashEverywhere(durability, first);
        foreach (Step second in Steps)
        {
            points += CrashEverywhere(durability, first, second);
            foreach (Step third in Steps)
                points += CrashEverywhere(durability, first, second, third);
        }

        Assert.True(points > 1000, $"only {points} points were crashed");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_store_survives_a_crash_at_any_point_of_its_recovery(int fate)
    {
        using var workload = new SmallWorkload(Durability.None);
        foreach (Step step in new[] { Step.Put, Step.Rotate, Step.RangeDelete, Step.Put })
            workload.Do(step);
        MemoryFileSystem crashed = workload.Files.AfterCrash(Fates(7)[fate]);
        var reached = new List<(SequenceNumber Last, MemoryFileSystem Files)>();
        SequenceNumber recovered = OpenWatched(crashed, reached);
        Assert.NotEmpty(reached);
        foreach ((_, MemoryFileSystem files) in reached)
        {
            SequenceNumber again = OpenWatched(files, []);
            Assert.True(again <= workload.Model.Last && again >= workload.Model.MustSurvive);
        }

        Assert.Equal(recovered, OpenWatched(reached[^1].Files, []));
    }

    private static SequenceNumber OpenWatched(MemoryFileSystem files, List<(SequenceNumber, MemoryFileSystem)> reached)
    {
        var watched = new FaultyFileSystem(files);
        watched.Done = call =>
        {
            if (!call.Changes)
                return;
            foreach (CrashPlan plan in Fates((int)call.Number))
                reached.Add((default, files.AfterCrash(plan)));
        };
        using LsmStore store = LsmStore.Open(SmallWorkload.Home, SmallWorkload.Options(watched, new ManualScheduler()));
        watched.Done = null;
        return store.LastSequence;
    }

    private static int CrashEverywhere(Durability durability, params Step[] steps)
    {
        var crashes = new List<(MemoryFileSystem Files, SequenceNumber MustSurvive)>();
        using var workload = new SmallWorkload(durability, watched => watched.Faulty.Done = call =>
        {
            if (!call.Changes)
                return;
            foreach (CrashPlan plan in Fates((int)call.Number))
                crashes.Add((watched.Files.AfterCrash(plan), watched.Model.MustSurvive));
        });
        var states = new Dictionary<SequenceNumber, List<KeyValuePair<byte[], byte[]>>>();
        states[workload.Model.Last] = workload.Model.Copy();
        foreach (Step step in steps)
        {
            workload.Do(step);
            states[workload.Model.Last] = workload.Model.Copy();
        }

        workload.Faulty.Done = null;
        foreach ((MemoryFileSystem files, SequenceNumber mustSurvive) in crashes)
            CheckRecovered(files, mustSurvive, states);
        return crashes.Count;
    }

    private static void CheckRecovered(
        MemoryFileSystem files, SequenceNumber mustSurvive, Dictionary<SequenceNumber, List<KeyValuePair<byte[], byte[]>>> states)
    {
        using LsmStore store = LsmStore.Open(SmallWorkload.Home, SmallWorkload.Options(files, new ManualScheduler()));
        Assert.True(store.LastSequence >= mustSurvive, $"recovered up to {store.LastSequence}, but {mustSurvive} was durable");
        Assert.True(states.TryGetValue(store.LastSequence, out var expected),
            $"recovered up to {store.LastSequence}, within a batch");
        StoreChecks.HoldsExactly(store, expected!);
        Assert.True(store.Put("after"u8, "crash"u8).IsDone);
        Assert.Equal("crash"u8.ToArray(), store.Get("after"u8));
    }

    private static CrashPlan[] Fates(int seed) =>
        [new CrashPlan(0, 4096, seed), new CrashPlan(1, 4096, seed), new CrashPlan(0.5, 512, seed),
            new CrashPlan(0.5, 4096, seed + 1)];
}
