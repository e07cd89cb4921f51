using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using KvStore.Server.Resp;

namespace KvStore.Server.Tests.Resp;

/// <summary>The order of things on one connection, with commands that end when the test says so.</summary>
public sealed class RespPipelineSpec : IDisposable
{
    /// <summary>Ten keys that do not wait for each other by accident.</summary>
    private static readonly string[] Apart =
        [.. Enumerable.Range(0, 1000).Select(i => $"{i}").DistinctBy(key => RespPipeline.LaneOf(Encoding.ASCII.GetBytes(key))).Take(10)];

    private static readonly string A = Apart[0];
    private static readonly string B = Apart[1];
    private static readonly string C = Apart[2];

    private readonly Pipe _pipe = new();
    private readonly RespSession _session = new(1, "test", needsPassword: false);
    private readonly DoorMetrics _metrics = new();
    private readonly Dictionary<string, TaskCompletionSource<RespAnswer>> _begun = [];
    private readonly RespCommandTable _table;
    private RespPipeline _pipeline;

    public RespPipelineSpec()
    {
        RespCommandInfo Command(string name, KeyRange keys, CommandFlags flags) =>
            new(name, -1, keys, flags, Fidelity.Exact, Fidelity.Exact, "", Begin);
        _table = new RespCommandTable(
        [
            Command("ONE", KeyRange.One, CommandFlags.None), Command("MANY", KeyRange.All, CommandFlags.None),
            Command("ANY", KeyRange.None, CommandFlags.TouchesAnyKey), Command("SESSION", KeyRange.None, CommandFlags.ChangesSession),
            Command("NONE", KeyRange.None, CommandFlags.None), Command("WRITE", KeyRange.One, CommandFlags.Write),
        ]);
        _pipeline = new RespPipeline(_table, _session, _pipe.Writer, new RespLimits(), _metrics);
    }

    [Fact]
    public async Task Commands_on_different_keys_run_side_by_side_and_are_answered_in_order()
    {
        await Send("ONE", A);
        await Send("ONE", B);
        Assert.Equal([$"ONE {A}", $"ONE {B}"], _begun.Keys);

        End($"ONE {B}");
        End($"ONE {A}");
        Assert.Equal($"+ONE {A}\r\n+ONE {B}\r\n", await Written());
    }

    [Fact]
    public async Task A_command_begins_when_the_one_before_it_on_its_key_has_ended()
    {
        await Send("ONE", A);
        await Send("MANY", B, A);
        await Send("ONE", C);
        Assert.Equal([$"ONE {A}", $"ONE {C}"], _begun.Keys);

        End($"ONE {A}");
        Assert.Contains($"MANY {B} {A}", _begun.Keys);
        await Send("ONE", B);
        Assert.DoesNotContain($"ONE {B}", _begun.Keys);
        End($"MANY {B} {A}");
        Assert.Contains($"ONE {B}", _begun.Keys);
        End($"ONE {B}");
        End($"ONE {C}");
        Assert.Equal($"+ONE {A}\r\n+MANY {B} {A}\r\n+ONE {C}\r\n+ONE {B}\r\n", await Written());
    }

    [Fact]
    public async Task A_command_on_keys_that_it_does_not_name_waits_for_all_and_is_waited_for()
    {
        await Send("ONE", "a");
        await Send("ANY");
        await Send("ONE", "b");
        Assert.Equal(["ONE a"], _begun.Keys);
        End("ONE a");
        Assert.Equal(["ONE a", "ANY"], _begun.Keys);
        End("ANY");
        End("ONE b");
        Assert.Equal("+ONE a\r\n+ANY\r\n+ONE b\r\n", await Written());
    }

    [Fact]
    public async Task A_command_that_changes_the_session_runs_alone()
    {
        await Send("ONE", "a");
        var session = Send("SESSION");
        Assert.False(session.IsCompleted);
        Assert.DoesNotContain("SESSION", _begun.Keys);
        End("ONE a");
        Assert.Contains("SESSION", _begun.Keys);
        End("SESSION");
        await session;
        Assert.Equal("+ONE a\r\n+SESSION\r\n", await Written());
    }

    [Fact]
    public async Task An_unknown_command_is_answered_in_its_turn()
    {
        await Send("ONE", "a");
        await Send("NOSUCH", "x");
        End("ONE a");
        Assert.Equal("+ONE a\r\n-ERR unknown command 'NOSUCH', with args beginning with: 'x' \r\n", await Written());
    }

    [Fact]
    public async Task More_commands_than_may_be_under_way_wait()
    {
        var most = new RespLimits().MaxUnderWay;
        for (var i = 0; i < most; i++) await Send("NONE", $"{i}");
        var oneMore = Send("NONE", "more");
        Assert.False(oneMore.IsCompleted);
        var replies = _pipeline.WriteReplies(default);
        End("NONE 0");
        await oneMore;
        foreach (var begun in _begun.Values) begun.TrySetResult(RespReply.Ok);
        _pipeline.Complete();
        await replies;
    }

    [Fact]
    public async Task While_the_values_that_may_be_answered_have_no_room_no_more_commands_begin()
    {
        WithLittleRoom();
        foreach (var key in Apart[1..]) await Send("ONE", key);
        var oneMore = Send("ONE", Apart[0]);
        Assert.False(oneMore.IsCompleted);

        End($"ONE {Apart[5]}");
        await oneMore;
        Assert.Contains($"ONE {Apart[0]}", _begun.Keys);
    }

    [Fact]
    public async Task While_replies_are_unsent_beyond_the_budget_no_more_commands_begin()
    {
        WithLittleRoom();
        foreach (var key in Apart[1..]) await Send("ONE", key);
        foreach (var key in Apart[1..]) _begun[$"ONE {key}"].SetResult(new RespReply.Bulk(new byte[1000]));
        var oneMore = Send("ONE", Apart[0]);
        Assert.False(oneMore.IsCompleted);

        var replies = _pipeline.WriteReplies(default);
        await oneMore;
        End($"ONE {Apart[0]}");
        _pipeline.Complete();
        await replies;
    }

    [Fact]
    public async Task Arguments_count_as_long_as_their_command_has_no_reply_and_what_is_larger_than_the_budget_goes_alone()
    {
        WithLittleRoom();
        await Send("NONE", new string('a', 9_000));
        var second = Send("NONE", new string('b', 20_000));
        Assert.False(second.IsCompleted);

        End($"NONE {new string('a', 9_000)}");
        var replies = _pipeline.WriteReplies(default);
        await second;
        End($"NONE {new string('b', 20_000)}");
        _pipeline.Complete();
        await replies;
    }

    [Fact]
    public async Task A_value_that_is_too_large_is_refused_before_its_command_waits_for_anything()
    {
        WithLittleRoom();
        foreach (var key in Apart[1..]) await Send("ONE", key);
        await Send("WRITE", Apart[1], new string('v', 1001));
        Assert.DoesNotContain(_begun.Keys, name => name.StartsWith("WRITE", StringComparison.Ordinal));

        foreach (var key in Apart[1..]) End($"ONE {key}");
        Assert.EndsWith(
            "-ERR the value has 1001 bytes, and the most is 1000 (kv-store.limits.value-bytes); nothing was changed\r\n",
            await Written(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_reply_lies_in_the_output_in_pieces_and_not_whole()
    {
        await Send("NONE", "x");
        _begun["NONE x"].SetResult(new RespReply.Array([.. Enumerable.Repeat(new RespReply.Bulk(new byte[50_000]), 100)]));
        _pipeline.Complete();
        var written = WriteToTheEnd();
        var most = 0L;
        ReadResult read;
        do
        {
            read = await _pipe.Reader.ReadAsync();
            most = Math.Max(most, read.Buffer.Length);
            _pipe.Reader.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
        await written;
        Assert.InRange(most, 50_000, 200_000);
    }

    [Fact]
    public async Task A_reply_that_has_been_written_is_held_no_longer_by_a_connection_that_stays_idle()
    {
        // All on this thread: when the last command has ended, its reply is out, and no stack frame elsewhere has it in hand.
        SynchronizationContext.SetSynchronizationContext(null);
        var replies = _pipeline.WriteReplies(default);
        var written = await Answered("ONE", "MANY", "ANY", "ONE");

        GC.Collect();
        Assert.All(written, reply => Assert.False(reply.IsAlive));
        _pipeline.Complete();
        await replies;
    }

    public void Dispose() => _metrics.Dispose();

    /// <summary>Sends the commands and ends them when all are under way; returns when their replies are out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<List<WeakReference>> Answered(params string[] commands)
    {
        var replies = new List<WeakReference>();
        for (var i = 0; i < commands.Length; i++) await Send(commands[i], Apart[i]);
        for (var i = 0; i < commands.Length; i++)
        {
            var value = new byte[100];
            replies.Add(new WeakReference(value));
            _begun[$"{commands[i]} {Apart[i]}"].SetResult(new RespReply.Bulk(value));
        }
        _begun.Clear();
        var bytes = commands.Length * "$100\r\n".Length + commands.Length * 102;
        _pipe.Reader.AdvanceTo((await _pipe.Reader.ReadAtLeastAsync(bytes)).Buffer.End);
        return replies;
    }

    private ValueTask<RespAnswer> Begin(RespRequest request)
    {
        var name = string.Join(' ', [request.Name, .. request.Arguments.Select(a => Encoding.ASCII.GetString(a.Span))]);
        var end = new TaskCompletionSource<RespAnswer>();
        _begun.Add(name, end);
        return new ValueTask<RespAnswer>(end.Task);
    }

    private Task<bool> Send(string name, params string[] arguments) => _pipeline.Begin(
        new RespCommand(name, [.. arguments.Select(a => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes(a))]), default).AsTask();

    private void End(string name) => _begun[name].SetResult(new RespReply.Simple(name));

    private void WithLittleRoom() => _pipeline = new RespPipeline(
        _table, _session, _pipe.Writer, new RespLimits { MaxValueBytes = 1000, MaxBytesUnderWay = 10_000 }, _metrics);

    private async Task WriteToTheEnd()
    {
        await _pipeline.WriteReplies(default);
        await _pipe.Writer.CompleteAsync();
    }

    private async Task<string> Written()
    {
        _pipeline.Complete();
        await WriteToTheEnd();
        var all = await _pipe.Reader.ReadAtLeastAsync(int.MaxValue);
        return Encoding.Latin1.GetString(System.Buffers.BuffersExtensions.ToArray(all.Buffer));
    }
}
