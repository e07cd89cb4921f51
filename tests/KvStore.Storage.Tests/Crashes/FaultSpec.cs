using KvStore.Storage.Format;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tests.Model;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Crashes;

/// <summary>
/// Every call on the files fails once, each in a run of its own: the caller gets a definite answer, what was acknowledged is
/// there after reopening, what was refused is not, and nothing is damaged.
/// </summary>
public class FaultSpec
{
    private static readonly Step[][] Workloads =
    [
        [Step.Put, Step.Batch, Step.Flush, Step.Delete, Step.Compact, Step.Put],
        [Step.RangeDelete, Step.Rotate, Step.Put, Step.Rotate, Step.Delete, Step.Flush, Step.Batch],
        [Step.Rotate, Step.Rotate, Step.RangeDelete, Step.Rotate, Step.Compact, Step.Put],
    ];

    public static EveryPair<Fault, int> Cases =>
        new([Fault.IOError, Fault.NoSpace, Fault.ShortWrite, Fault.BitFlip], [0, 1, 2]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_call_that_fails_is_never_a_lie(Fault fault, int workload)
    {
        int fired = 0;
        for (long k = 1; FailCall(k, fault, Workloads[workload]); k++)
            fired++;
        Assert.True(fired > 50, $"only {fired} calls were made to fail");
    }

    [Fact]
    public void After_a_failed_sync_nothing_is_acknowledged_until_reopened()
    {
        using var workload = new SmallWorkload(Durability.Group);
        bool failing = true;
        workload.Faulty.Plan = call => failing && call.Operation == FileOperation.Sync ? Fault.IOError : Fault.None;
        Assert.Throws<StoreFailedException>(() => workload.Store.Put("a"u8, "1"u8));
        failing = false;
        Assert.Throws<StoreFailedException>(() => workload.Store.Put("b"u8, "1"u8));
        Assert.Throws<StoreFailedException>(() => workload.Store.Delete("b"u8));
        Assert.Throws<StoreFailedException>(() => workload.Store.Flush());
        Assert.NotNull(workload.Store.Failure);
        Assert.Null(workload.Store.Get("a"u8));
        Assert.NotNull(workload.Store.Get("key5"u8));
    }

    [Fact]
    public void What_is_read_of_a_log_whose_sync_failed_is_written_again_before_it_counts_as_durable()
    {
        var files = new MemoryFileSystem();
        var faulty = new FaultyFileSystem(files);
        var calls = new List<(FileOperation Operation, string Path)>();
        using (LsmStore store = LsmStore.Open(SmallWorkload.Home, SmallWorkload.Options(faulty, new ManualScheduler())))
        {
            store.Put("a"u8, "1"u8, new WriteOptions { Durability = Durability.None });
            faulty.Plan = call => call.Operation == FileOperation.Sync ? Fault.IOError : Fault.None;
            Assert.Throws<StoreFailedException>(() => store.Put("b"u8, "1"u8));
        }

        faulty.Plan = null;
        faulty.Done = call => calls.Add((call.Operation, call.Path));
        using LsmStore again = LsmStore.Open(SmallWorkload.Home, SmallWorkload.Options(faulty, new ManualScheduler()));
        string log = calls.First(call => call.Operation == FileOperation.Sync).Path;
        Assert.EndsWith(".log", log, StringComparison.Ordinal);
        FileOperation[] done =
            [.. calls.TakeWhile(call => call.Operation != FileOperation.Sync).Where(call => call.Path == log).Select(call => call.Operation)];
        Assert.Equal([FileOperation.OpenRead, FileOperation.Write], done.SkipWhile(operation => operation != FileOperation.OpenWrite).Skip(1)
            .Where(operation => operation is FileOperation.OpenRead or FileOperation.Write).Take(2));
        Assert.Equal("1"u8.ToArray(), again.Get("a"u8));
        Assert.False(files.Exists($"{SmallWorkload.Home}/{FileNames.Unsynced}"));
    }

    [Fact]
    public void A_task_that_waits_for_a_sync_that_fails_ends_with_the_failure()
    {
        using var workload = new SmallWorkload(Durability.Group);
        Task<WriteResult> task = workload.Store.WriteAsync(new WriteBatch().Put("a"u8, "1"u8));
        Assert.False(task.IsCompleted);
        workload.Faulty.Plan = call => call.Operation == FileOperation.Sync ? Fault.IOError : Fault.None;
        workload.Store.Dispose();
        Assert.True(task.IsCompleted);
        Assert.IsType<StoreFailedException>(task.Exception!.InnerException);
    }

    private static bool FailCall(long k, Fault fault, Step[] steps)
    {
        bool fired = false;
        SmallWorkload? workload = null;
        try
        {
            workload = new SmallWorkload(Durability.Group, watched => watched.Faulty.Plan = call =>
            {
                if (call.Number != k || (fault == Fault.BitFlip && call.Operation != FileOperation.Read)
                    || (fault == Fault.ShortWrite && call.Operation != FileOperation.Write))
                {
                    fired |= call.Number == k;
                    return Fault.None;
                }

                fired = true;
                return fault;
            });
        }
        catch (StorageException)
        {
            // The store did not open, and said so.
            return fired;
        }

        using (workload)
        {
            foreach (Step step in steps)
            {
                try
                {
                    workload.Do(step);
                }
                catch (StorageException)
                {
                    // A definite answer; with InDoubt set, only that write may be there or not.
                    if (workload.InDoubt is not null)
                        break;
                }
            }

            workload.Faulty.Plan = null;
            if (workload.Store.Failure is null)
                StoreChecks.HoldsExactly(workload.Store, workload.Model.Copy());
        }

        CheckReopened(workload, k, fault);
        return fired;
    }

    private static void CheckReopened(SmallWorkload workload, long k, Fault fault)
    {
        using LsmStore store = LsmStore.Open(SmallWorkload.Home, SmallWorkload.Options(workload.Files, new ManualScheduler()));
        List<KeyValuePair<byte[], byte[]>> held = workload.Model.Copy();
        if (store.LastSequence > workload.Model.Last)
        {
            Assert.True(workload.InDoubt is not null, $"call {k} with {fault}: a refused write is there");
            workload.Model.Apply(store.LastSequence, true, workload.InDoubt!);
            held = workload.Model.Copy();
        }

        StoreChecks.HoldsExactly(store, held);
        Assert.Empty(store.Verify());
        Assert.True(store.LastSequence >= workload.Model.MustSurvive || store.LastSequence == SequenceNumber.Zero);
    }
}
