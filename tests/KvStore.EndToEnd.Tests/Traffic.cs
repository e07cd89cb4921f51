using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace KvStore.EndToEnd;

/// <summary>
/// Clients that read and write at a fixed rate, half and half, and check every answer. Each key has one writer, whose values count up; whoever
/// reads a key must find no less than was acknowledged before the read began, and no more than was tried before it ended. A client whose node
/// is gone goes on at the next one; what was refused or lost is counted and tried again, as a client would.
/// </summary>
internal sealed class Traffic : IDisposable
{
    private const int Tries = 500;
    private readonly IReadOnlyList<int> _ports;
    private readonly int _clients;
    private readonly string _prefix;
    private readonly long[] _tried;
    private readonly long[] _acknowledged;
    private readonly TimeSpan _interval;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, long> _failures = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly List<Task> _loops = [];
    private long _operations;
    private long _slowest;
    private long _stop;
    private long _lastEnded;

    private Traffic(IReadOnlyList<int> ports, int rate, int keys, int clients, string prefix)
    {
        (_ports, _clients, _prefix) = (ports, clients, prefix);
        (_tried, _acknowledged) = (new long[keys], new long[keys]);
        _interval = TimeSpan.FromSeconds((double)clients / rate);
    }

    /// <summary>Operations that ended well.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>What was answered otherwise than well, by its first word; <c>connection</c> where it was lost.</summary>
    public IReadOnlyDictionary<string, long> Failures => _failures;

    /// <summary>Answers that must not be, in words.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>The longest time that an operation took, all its tries together: for so long a client stood still. Since the last report.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Interlocked.Read(ref _slowest));

    /// <summary>The longest time in which no operation of any client ended well. Since the last report.</summary>
    public TimeSpan LongestStop => TimeSpan.FromTicks(Interlocked.Read(ref _stop));

    /// <param name="ports">Redis doors; the clients are spread over them.</param>
    /// <param name="rate">Operations a second, all clients together.</param>
    public static Traffic Start(IReadOnlyList<int> ports, int rate, int keys, int clients = 16, string prefix = "traffic")
    {
        var traffic = new Traffic(ports, rate, keys, clients, prefix);
        for (var client = 0; client < clients; client++)
        {
            var number = client;
            traffic._loops.Add(Task.Run(() => traffic.Loop(number)));
        }
        return traffic;
    }

    /// <summary>Until so many operations more have ended well.</summary>
    public Task Goes(long operations)
    {
        var goal = Operations + operations;
        return Waiting.Until(() => Task.FromResult(Operations >= goal || _loops.Exists(loop => loop.IsFaulted)), $"{goal} operations");
    }

    /// <summary>Ends it, and reads every key once more through one node.</summary>
    public async Task Stop(int port)
    {
        await _end.CancelAsync();
        await Task.WhenAll(_loops);
        using var connection = await RespClient.Connect(port);
        var answers = await connection.AskAll([.. Enumerable.Range(0, _tried.Length).Select(key => (string[])["GET", KeyOf(key)])]);
        for (var key = 0; key < answers.Count; key++) Check(key, answers[key], _acknowledged[key], _tried[key]);
    }

    /// <summary>What there was until now, in words; what is the longest of anything is counted anew from here.</summary>
    public string Report()
    {
        var failures = _failures.IsEmpty
            ? "none failed"
            : "tried again: " + string.Join(", ", _failures.Select(failure => $"{failure.Value} {failure.Key}"));
        return $"{Operations} operations, slowest {Taken(ref _slowest)} ms, longest stop {Taken(ref _stop)} ms, {_violations.Count} wrong; {failures}";
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task Loop(int number)
    {
        var random = new Random(number);
        using var door = new Door(this, number);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var begun = Stopwatch.GetTimestamp();
        for (long i = 0; !_end.IsCancellationRequested; i++)
        {
            var due = _interval * (i + (double)number / _clients);
            while (Stopwatch.GetElapsedTime(begun) < due) await pace.WaitForNextTickAsync();
            var asked = Stopwatch.GetTimestamp();
            if (random.Next(2) == 0) await Read(door, random.Next(_tried.Length));
            else await Write(door, number + _clients * random.Next((_tried.Length - number + _clients - 1) / _clients));
            Took(Stopwatch.GetElapsedTime(asked));
        }
    }

    private async Task Write(Door door, int key)
    {
        var value = Interlocked.Increment(ref _tried[key]);
        await door.Ask("SET", KeyOf(key), $"{value}");
        Interlocked.Exchange(ref _acknowledged[key], value);
    }

    private async Task Read(Door door, int key)
    {
        var acknowledged = Interlocked.Read(ref _acknowledged[key]);
        var answer = await door.Ask("GET", KeyOf(key));
        Check(key, answer, acknowledged, Interlocked.Read(ref _tried[key]));
    }

    private void Check(int key, Reply answer, long least, long most)
    {
        var found = answer.Text is null ? 0 : long.TryParse(answer.Text, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        if (found < least || found > most)
            _violations.Enqueue($"{KeyOf(key)} is {answer}; it was acknowledged up to {least} and tried up to {most}");
    }

    private void Took(TimeSpan time)
    {
        Interlocked.Increment(ref _operations);
        Raise(ref _slowest, time.Ticks);
        var now = Stopwatch.GetTimestamp();
        var before = Interlocked.Exchange(ref _lastEnded, now);
        if (before != 0) Raise(ref _stop, Stopwatch.GetElapsedTime(before, now).Ticks);
    }

    private static void Raise(ref long highest, long value)
    {
        for (var known = Interlocked.Read(ref highest); value > known; known = Interlocked.Read(ref highest))
            Interlocked.CompareExchange(ref highest, value, known);
    }

    private static long Taken(ref long highest) => (long)TimeSpan.FromTicks(Interlocked.Exchange(ref highest, 0)).TotalMilliseconds;

    private string KeyOf(int key) => $"{_prefix}-{key}";

    /// <summary>A client's connection, and another when that is gone.</summary>
    private sealed class Door(Traffic traffic, int number) : IDisposable
    {
        private readonly PeriodicTimer _again = new(TimeSpan.FromMilliseconds(10));
        private int _next = number;
        private RespClient? _connection;

        /// <summary>The good answer to a command, however often it takes.</summary>
        public async Task<Reply> Ask(params string[] command)
        {
            for (var tries = 0; tries < Tries; tries++)
            {
                try
                {
                    _connection ??= await RespClient.Connect(traffic._ports[_next % traffic._ports.Count]);
                    var answer = await _connection.Ask(command);
                    if (answer.Error is null) return answer;
                    Failed(answer.Error);
                }
                catch (Exception lost) when (lost is IOException or SocketException)
                {
                    Failed("connection");
                    Close();
                    _next++;
                }
                await _again.WaitForNextTickAsync();
            }
            throw new InvalidOperationException($"{string.Join(' ', command)} failed {Tries} times: {traffic.Report()}");
        }

        public void Dispose()
        {
            Close();
            _again.Dispose();
        }

        private void Close()
        {
            _connection?.Dispose();
            _connection = null;
        }

        private void Failed(string how) => traffic._failures.AddOrUpdate(how, 1, (_, count) => count + 1);
    }
}
