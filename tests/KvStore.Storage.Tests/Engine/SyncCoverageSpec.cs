using System.Text;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tests.Crashes;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Engine;

/// <summary>What a sync covers when others go on writing beside it.</summary>
public sealed class SyncCoverageSpec : IDisposable
{
    private const string Home = "/store";
    private readonly MemoryFileSystem _memory = new();
    private readonly ManualScheduler _scheduler = new();
    private readonly List<string> _acknowledged = [];

    public void Dispose() => _scheduler.Dispose();

    [Fact]
    public void What_fills_a_segment_while_it_is_synced_is_durable_before_it_is_acknowledged()
    {
        var files = new FaultyFileSystem(_memory);
        using LsmStore store = LsmStore.Open(Home, SmallWorkload.Options(files, _scheduler));
        _scheduler.RunAll();
        var segments = new HashSet<string>();
        var crashes = new List<(int Acknowledged, MemoryFileSystem Left)>();
        int submitted = 0;
        files.Done = call =>
        {
            if (call.Operation == FileOperation.Write && IsLog(call.Path))
                segments.Add(call.Path);
            if (call.Operation != FileOperation.Sync || !IsLog(call.Path) || segments.Count != 1)
                return;
            // The disk has done its part of the sync, and the thread has not gone on yet.
            while (segments.Count == 1)
                Submit();
            Submit();
        };
        Submit();
        _scheduler.RunAll();
        Assert.Equal(submitted, _acknowledged.Count);
        foreach ((int acknowledged, MemoryFileSystem left) in crashes)
        {
            using LsmStore again = LsmStore.Open(Home, SmallWorkload.Options(left, new ManualScheduler()));
            Assert.All(_acknowledged.Take(acknowledged), key => Assert.NotNull(again.Get(Encoding.ASCII.GetBytes(key))));
        }

        void Submit()
        {
            string key = $"key{submitted++}";
            store.Submit(new WriteBatch().Put(Encoding.ASCII.GetBytes(key), new byte[500]), completion =>
            {
                Assert.True(completion.IsDone);
                _acknowledged.Add(key);
                crashes.Add((_acknowledged.Count, _memory.AfterCrash(new CrashPlan(0, 512, 1))));
            }).ThrowIfRefused();
        }
    }

    private static bool IsLog(string path) => path.EndsWith(".log", StringComparison.Ordinal);
}
