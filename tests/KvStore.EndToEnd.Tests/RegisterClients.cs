using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using KvStore.Core.Tests.Checking;

namespace KvStore.EndToEnd;

/// <summary>
/// Clients that read a few strong keys and compare-and-set them, each through another node, and write down what they were told: the history of each
/// key, for the checker. A client whose node is gone goes on at the next one.
/// </summary>
internal sealed class RegisterClients : IDisposable
{
    private readonly IReadOnlyList<int> _ports;
    private readonly string _bucket;
    private readonly int _keys;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<(int Key, RegisterCall Call)> _history = new();
    private readonly ConcurrentQueue<(int Key, long Begun, long Ended, ulong Version)> _mismatches = new();
    private readonly ConcurrentDictionary<(int Key, ulong Version), long> _values = new();
    private readonly List<Task> _loops = [];
    private long _done;

    private RegisterClients(IReadOnlyList<int> ports, string bucket, int keys) => (_ports, _bucket, _keys) = (ports, bucket, keys);

    /// <param name="ports">Redis doors; one client begins at each.</param>
    public static RegisterClients Start(IReadOnlyList<int> ports, string bucket, int keys)
    {
        var clients = new RegisterClients(ports, bucket, keys);
        for (var client = 0; client < ports.Count; client++)
        {
            var number = client;
            clients._loops.Add(Task.Run(() => clients.Loop(number)));
        }
        return clients;
    }

    /// <summary>Until so many more compare-and-sets have taken effect.</summary>
    public Task Go(int swaps)
    {
        var goal = Interlocked.Read(ref _done) + swaps;
        return Waiting.Until(
            () => Task.FromResult(Interlocked.Read(ref _done) >= goal || _loops.Exists(loop => loop.IsFaulted)), $"{goal} compare-and-sets");
    }

    /// <summary>Ends the clients, and hands over what each key's were told.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<RegisterCall>>> Stop()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_loops);
        // Who was refused was told a version: that is a read, where anybody knows what it stood for.
        foreach (var (key, begun, ended, version) in _mismatches)
        {
            if (version == 0) _history.Enqueue((key, RegisterCall.Read(begun, ended, 0)));
            else if (_values.TryGetValue((key, version), out var value)) _history.Enqueue((key, RegisterCall.Read(begun, ended, value)));
        }
        var calls = _history.ToLookup(call => call.Key, call => call.Call);
        return [.. Enumerable.Range(0, _keys).Select(key => (IReadOnlyList<RegisterCall>)[.. calls[key]])];
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task Loop(int number)
    {
        var random = new Random(number);
        var seen = new (ulong Version, long Value)[_keys];
        var node = number;
        long values = 0;
        RespClient? connection = null;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_end.IsCancellationRequested && await pace.WaitForNextTickAsync())
        {
            var key = random.Next(_keys);
            try
            {
                connection ??= await RespClient.Connect(_ports[node % _ports.Count]);
                if (random.Next(3) == 0) await Read(connection, key, seen);
                else await Swap(connection, key, (number + 1) * 1_000_000 + ++values, seen);
            }
            catch (Exception lost) when (lost is IOException or SocketException)
            {
                connection?.Dispose();
                connection = null;
                node++;
            }
        }
        connection?.Dispose();
    }

    private async Task Read(RespClient connection, int key, (ulong Version, long Value)[] seen)
    {
        var begun = Stopwatch.GetTimestamp();
        var answer = await connection.Ask("KV.GET", $"register-{key}", "BUCKET", _bucket);
        var ended = Stopwatch.GetTimestamp();
        if (answer.Error is not null) return;
        var value = answer["value"].Text is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        Saw(key, VersionIn(answer), value, seen);
        _history.Enqueue((key, RegisterCall.Read(begun, ended, value)));
    }

    /// <summary>From what this client saw last; that is old where others were faster, and then refused.</summary>
    private async Task Swap(RespClient connection, int key, long value, (ulong Version, long Value)[] seen)
    {
        var (version, expected) = seen[key];
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var answer = await connection.Ask("KV.PUT", $"register-{key}", $"{value}", "VERSION", $"{version}", "BUCKET", _bucket);
            var ended = Stopwatch.GetTimestamp();
            switch (answer.Error)
            {
                case null:
                    Saw(key, VersionIn(answer), value, seen);
                    _history.Enqueue((key, RegisterCall.Swap(begun, ended, expected, value)));
                    Interlocked.Increment(ref _done);
                    break;
                case "MISMATCH":
                    var found = ulong.Parse(answer.Text!.Split("version ")[1].Split(';')[0], CultureInfo.InvariantCulture);
                    _mismatches.Enqueue((key, begun, ended, found));
                    await Read(connection, key, seen);
                    break;
                case "TRYAGAIN" or "BUSY":
                    break;
                default:
                    Assert.Equal("UNKNOWN", answer.Error);
                    _history.Enqueue((key, RegisterCall.Swap(begun, RegisterCall.Never, expected, value)));
                    break;
            }
        }
        catch (Exception lost) when (lost is IOException or SocketException)
        {
            _history.Enqueue((key, RegisterCall.Swap(begun, RegisterCall.Never, expected, value)));
            throw;
        }
    }

    private void Saw(int key, ulong version, long value, (ulong Version, long Value)[] seen)
    {
        seen[key] = (version, value);
        Assert.Equal(value, _values.GetOrAdd((key, version), value));
    }

    private static ulong VersionIn(Reply answer) => ulong.Parse(answer["version"].Text!, CultureInfo.InvariantCulture);
}
