using System.Diagnostics;
using System.Globalization;
using System.Text;
using KvStore.Benchmarks.Engine;

namespace KvStore.Benchmarks.Load;

/// <summary>
/// One run of a plan with so many connections. At a fixed rate a time is counted from when the operation was due, not from when its
/// connection was free for it: a node that stops for a second shows in every operation of that second.
/// </summary>
internal sealed class ClusterRun(ClusterPlan plan, LoadDoors doors, int connections, double zeta)
{
    private const int KeyBytes = 16;

    /// <summary>Writes every key once, over a few connections.</summary>
    public static async Task Load(ClusterPlan plan)
    {
        const int loaders = 16;
        await Task.WhenAll(Enumerable.Range(0, loaders).Select(loader => OnThread(async () =>
        {
            using var connection = new RespConnection(plan.Endpoints[loader % plan.Endpoints.Count]);
            for (long key = loader; key < plan.Keys; key += loaders)
            {
                var name = KeyOf(key);
                var answer = await connection.Set(name, ValueOf(name, plan.ValueBytes));
                if (answer.Error is { } error) throw new IOException($"The keys could not be loaded: {error}");
            }
            return loader;
        })));
    }

    public async Task<ClusterResult> Measure()
    {
        await Together(plan.WarmUp, seedShift: 1_000_000);
        var before = NodeFigures.Read(plan.Endpoints);
        var started = Stopwatch.GetTimestamp();
        var loops = await Together(plan.Length, seedShift: 0);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var after = NodeFigures.Read(plan.Endpoints);
        var result = new ClusterResult(connections, elapsed, after.Since(before));
        foreach (var loop in loops) result.Add(loop);
        return result;
    }

    private Task<Loop[]> Together(TimeSpan length, int seedShift) => Task.WhenAll(
        Enumerable.Range(0, connections).Select(number => OnThread(() => RunLoop(number, length, seedShift))));

    /// <summary>A thread of its own, because a loop may block it.</summary>
    private static Task<T> OnThread<T>(Func<Task<T>> loop) =>
        Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private async Task<Loop> RunLoop(int number, TimeSpan length, int seedShift)
    {
        var loop = new Loop();
        var keys = new KeyChooser(plan.Keys, plan.IsZipfian, zeta, (ulong)(plan.Seed + seedShift) * 10_007 + (ulong)number);
        using var door = doors.ForLoop(number);
        var begin = Stopwatch.GetTimestamp();
        var end = begin + (long)(length.TotalSeconds * Stopwatch.Frequency);
        var interval = plan.Rate == 0 ? 0 : (double)Stopwatch.Frequency * connections / plan.Rate;
        for (long i = 0; ; i++)
        {
            var due = interval == 0 ? Stopwatch.GetTimestamp() : begin + (long)((i + (double)number / connections) * interval);
            if (due >= end) return loop;
            await Until(due, door.Blocks);
            var key = KeyOf(keys.Next());
            var isRead = keys.Percent() < plan.ReadShare;
            var answer = isRead ? await door.Get(key) : await door.Set(key, ValueOf(key, plan.ValueBytes));
            loop.Ended(isRead, (long)(Stopwatch.GetElapsedTime(due).TotalMilliseconds * 1e6), Verdict(isRead, key, answer));
        }
    }

    private static async ValueTask Until(long due, bool onThisThread)
    {
        var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        if (wait <= TimeSpan.FromMilliseconds(1)) return;
        if (onThisThread) Thread.Sleep(wait);
        else await Task.Delay(wait);
    }

    /// <summary>Null when all is well. A value names its key, so that a wrong one shows.</summary>
    private string? Verdict(bool isRead, byte[] key, Answer answer)
    {
        if (answer.Error is { } error) return error.Split(' ')[0];
        if (!isRead) return null;
        if (answer.Value.IsEmpty) return "not found";
        var named = Math.Min(KeyBytes, plan.ValueBytes);
        return answer.Value.Length == plan.ValueBytes && answer.Value.Span[..named].SequenceEqual(key.AsSpan(0, named)) ? null : "wrong value";
    }

    private static byte[] KeyOf(long key) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"user{key:D12}"));

    private static byte[] ValueOf(byte[] key, int bytes)
    {
        var value = new byte[bytes];
        value.AsSpan().Fill((byte)'v');
        key.AsSpan(0, Math.Min(key.Length, bytes)).CopyTo(value);
        return value;
    }

    /// <summary>What one connection saw.</summary>
    internal sealed class Loop
    {
        public LatencyHistogram Reads { get; } = new();

        public LatencyHistogram Writes { get; } = new();

        public Dictionary<string, long> Failures { get; } = [];

        public void Ended(bool isRead, long nanoseconds, string? failure)
        {
            (isRead ? Reads : Writes).Add(nanoseconds);
            if (failure is not null) Failures[failure] = Failures.GetValueOrDefault(failure) + 1;
        }
    }
}
