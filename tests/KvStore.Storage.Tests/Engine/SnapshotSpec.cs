using System.Runtime.CompilerServices;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tests.Crashes;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Engine;

public sealed class SnapshotSpec : IDisposable
{
    private readonly ManualScheduler _scheduler = new();
    private readonly LsmStore _store;

    public SnapshotSpec() => _store = LsmStore.Open("/store", SmallWorkload.Options(new MemoryFileSystem(), _scheduler));

    public void Dispose() => _store.Dispose();

    [Fact]
    public void An_old_snapshot_reads_its_moment_however_much_was_written_and_merged_since()
    {
        _store.Put("a"u8, "then"u8);
        using StoreSnapshot then = _store.Snapshot();
        for (int i = 0; i < 500; i++)
        {
            _store.Put("a"u8, new byte[50]);
            _store.Delete("a"u8);
            _scheduler.RunAll();
        }

        _scheduler.Advance(TimeSpan.FromDays(30));
        _store.Compact();
        Assert.Equal("then"u8.ToArray(), _store.Get("a"u8, then));
        Assert.Null(_store.Get("a"u8));
    }

    [Fact]
    public void A_snapshot_held_for_long_shows_in_the_statistics()
    {
        Assert.Equal((0, TimeSpan.Zero, 0), SnapshotsNow());
        StoreSnapshot first = _store.Snapshot();
        _scheduler.Advance(TimeSpan.FromHours(1));
        for (int i = 0; i < 10; i++)
            _store.Put("a"u8, "1"u8);
        using StoreSnapshot second = _store.Snapshot();
        _scheduler.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((2, TimeSpan.FromMinutes(61), 10), SnapshotsNow());
        first.Dispose();
        first.Dispose();
        Assert.Equal((1, TimeSpan.FromMinutes(1), 0), SnapshotsNow());
    }

    [Fact]
    public void A_snapshot_that_nobody_disposed_is_let_go_with_its_last_reference_and_counted()
    {
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(0, _store.Statistics().LiveSnapshots);
        Assert.Equal(1, _store.Statistics().ForgottenSnapshots);
    }

    [Fact]
    public void An_iterator_shows_in_the_statistics_until_it_is_disposed()
    {
        StoreIterator iterator = _store.NewIterator();
        Assert.Equal(1, _store.Statistics().OpenIterators);
        iterator.Dispose();
        iterator.Dispose();
        Assert.Equal(0, _store.Statistics().OpenIterators);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Forget() => Assert.Equal(_store.LastSequence, _store.Snapshot().Sequence);

    private (int Live, TimeSpan Age, long Lag) SnapshotsNow()
    {
        StoreStatistics now = _store.Statistics();
        return (now.LiveSnapshots, now.OldestSnapshotAge, now.OldestSnapshotLag);
    }
}
