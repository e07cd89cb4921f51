using System.Diagnostics;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace KvStore.Server.Resp;

/// <summary>
/// The commands of one connection on their way. Those that touch different keys run side by side, so that a client which sends many at once
/// waits for the slowest and not for the sum; the replies go out in the order of the commands.
/// <para>Owner: one connection. <see cref="Begin"/> is called by its reader, one command after the other; <see cref="WriteReplies"/> runs
/// beside it.</para>
/// Invariants:
/// <list type="number">
/// <item>A command sees what the ones before it on this connection wrote: it begins when every earlier one that shares a key with it
/// has ended. Keys are told apart by hash; two that collide only wait for each other.</item>
/// <item>A command that changes the session runs alone.</item>
/// <item>At most <see cref="RespLimits.MaxUnderWay"/> commands are under way or unanswered, and a large one begins when all
/// before it have ended.</item>
/// <item>A command begins when its arguments and the most that it may answer fit into <see cref="RespLimits.MaxBytesUnderWay"/> beside all that is under
/// way or unsent, or alone: what one connection can make the server hold is bounded, whatever the client reads.</item>
/// <item>A reply that has been written is held no longer: an idle connection keeps none.</item>
/// </list>
/// </summary>
internal sealed class RespPipeline(
    RespCommandTable commands, RespSession session, PipeWriter output, RespLimits limits, DoorMetrics metrics)
{
    private const int FlushBytes = 64 * 1024;
    private const int Lanes = 256;
    private const int LargeBytes = 64 * 1024;

    /// <summary>Of each lane the end of its last command, and not what that answered: they live as long as the connection.</summary>
    private readonly Task[] _lanes = [.. Enumerable.Repeat(Task.CompletedTask, Lanes)];

    private readonly ByteBudget _budget = new(limits.MaxBytesUnderWay);

    private readonly Channel<UnderWay> _underWay = Channel.CreateBounded<UnderWay>(
        new BoundedChannelOptions(limits.MaxUnderWay) { SingleReader = true, SingleWriter = true });

    /// <summary>Begins a command; waits while there are too many. False when no more may come: the connection ends after this one.</summary>
    public async ValueTask<bool> Begin(RespCommand command, CancellationToken closed)
    {
        var info = commands.Admit(command, session, out var refused);
        if (info is null) return await Enqueue(NewUnderWay("unknown", refused!), closed);
        // Whatever waits for room waits without a value that will be refused anyway.
        if (TooLarge(info, command.Arguments) is { } tooLarge) return await Enqueue(NewUnderWay(info.Name, tooLarge), closed);

        var bytes = BytesOf(command.Arguments) + MostOfReply(info, command.Arguments.Count);
        await _budget.Take(bytes, closed);
        var request = new RespRequest(session, session.Bucket, command.Name, command.Arguments, closed);
        if (info.Has(CommandFlags.ChangesSession))
        {
            await Task.WhenAll(_lanes);
            var answer = await info.Execute(request);
            return await Enqueue(NewUnderWay(info.Name, answer, bytes), closed) && !answer.CloseAfter;
        }
        return await Enqueue(Start(info, request, bytes), closed);
    }

    /// <summary>No more commands will come.</summary>
    public void Complete() => _underWay.Writer.TryComplete();

    /// <summary>Writes the replies in order, flushing when the next one is not there yet. Ends with the last, or when nobody reads.</summary>
    public async Task WriteReplies(CancellationToken closed)
    {
        var queue = _underWay.Reader;
        while (await queue.WaitToReadAsync(closed))
        {
            while (queue.TryRead(out var next))
            {
                if (!next.End.IsCompleted && !await Flush(closed)) return;
                await next.End;
                if (!await Write((await next.Answer).Reply, next.Version, closed)) return;
                Hold(next, 0);
                metrics.Answered(next.Command, next.StartedAt, next.IsError);
                next = null;
            }
            if (!await Flush(closed)) return;
        }
    }

    /// <summary>A long array goes out piece by piece: never more than a flush's worth and one item lie in the output. False as <see cref="Flush"/>.</summary>
    private async ValueTask<bool> Write(RespReply reply, RespVersion version, CancellationToken closed)
    {
        if (reply is not RespReply.Array array)
        {
            RespWriter.Write(output, reply, version);
            return output.UnflushedBytes < FlushBytes || await Flush(closed);
        }
        RespWriter.WriteCount(output, array);
        foreach (var item in array.Items)
        {
            RespWriter.Write(output, item, version);
            if (output.UnflushedBytes >= FlushBytes && !await Flush(closed)) return false;
        }
        return true;
    }

    private UnderWay Start(RespCommandInfo info, RespRequest request, long bytes)
    {
        if (info.Has(CommandFlags.TouchesAnyKey) || BytesOf(request.Arguments) > LargeBytes)
        {
            var alone = NewUnderWay(info.Name, After(Task.WhenAll(_lanes), info, request), bytes);
            Array.Fill(_lanes, alone.End);
            return alone;
        }
        Span<int> mine = stackalloc int[request.Arguments.Count];
        var count = 0;
        var last = info.Keys.LastOf(request.Arguments.Count);
        for (var i = info.Keys.First; i <= last; i += info.Keys.Step) mine[count++] = LaneOf(request.Arguments[i - 1].Span);
        var before = Unfinished(mine[..count]);
        var started = NewUnderWay(
            info.Name, before.IsCompletedSuccessfully ? Now(info, request) : After(before, info, request), bytes);
        foreach (var lane in mine[..count]) _lanes[lane] = started.End;
        return started;
    }

    private Task Unfinished(ReadOnlySpan<int> lanes)
    {
        List<Task>? open = null;
        foreach (var lane in lanes)
        {
            if (!_lanes[lane].IsCompleted) (open ??= []).Add(_lanes[lane]);
        }
        return open is null ? Task.CompletedTask : Task.WhenAll(open);
    }

    private static async Task<RespAnswer> After(Task before, RespCommandInfo info, RespRequest request)
    {
        await before;
        return await info.Execute(request);
    }

    private static Task<RespAnswer> Now(RespCommandInfo info, RespRequest request)
    {
        try
        {
            return info.Execute(request).AsTask();
        }
        catch (Exception problem)
        {
            // As if it had failed a moment later: whoever writes the replies meets it.
            return Task.FromException<RespAnswer>(problem);
        }
    }

    private UnderWay NewUnderWay(string command, RespAnswer answer, long bytes = 0) => NewUnderWay(command, Task.FromResult(answer), bytes);

    private UnderWay NewUnderWay(string command, Task<RespAnswer> answer, long bytes)
    {
        var underWay = new UnderWay(command, Stopwatch.GetTimestamp(), answer, session.Version) { Held = bytes };
        if (answer.IsCompletedSuccessfully) Hold(underWay, answer.Result.Reply);
        else underWay.End = EndOf(underWay);
        return underWay;
    }

    private async Task EndOf(UnderWay command) => Hold(command, (await command.Answer).Reply);

    /// <summary>The command has ended: what it holds from now on is its reply.</summary>
    private void Hold(UnderWay command, RespReply reply)
    {
        command.IsError = reply is RespReply.Error;
        Hold(command, reply.Size);
    }

    private void Hold(UnderWay command, long bytes)
    {
        _budget.Change(bytes - command.Held);
        command.Held = bytes;
    }

    private async ValueTask<bool> Enqueue(UnderWay command, CancellationToken closed)
    {
        await _underWay.Writer.WriteAsync(command, closed);
        return true;
    }

    private RespReply.Error? TooLarge(RespCommandInfo info, IReadOnlyList<ReadOnlyMemory<byte>> arguments)
    {
        if (!info.Has(CommandFlags.Write)) return null;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Length > limits.MaxValueBytes && !info.Keys.IsKey(i + 1, arguments.Count))
                return Arguments.TooLarge(arguments[i].Length, limits.MaxValueBytes);
        }
        return null;
    }

    /// <summary>What a command may have to hold before it knows better: a value of each key that it reads.</summary>
    private long MostOfReply(RespCommandInfo info, int arguments) =>
        info.Has(CommandFlags.TouchesAnyKey) ? RespLimits.MaxReplyBytes
        : info.Keys == KeyRange.Pairs ? 0 // writes, and reads none
        : Math.Min((long)info.Keys.CountOf(arguments) * limits.MaxValueBytes, RespLimits.MaxReplyBytes);

    /// <summary>False when the client reads no more.</summary>
    private async ValueTask<bool> Flush(CancellationToken closed) =>
        output.UnflushedBytes == 0 || !(await output.FlushAsync(closed)).IsCompleted;

    /// <summary>Differs from process to process, so that nobody can choose keys which wait for each other.</summary>
    internal static int LaneOf(ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.AddBytes(key);
        return hash.ToHashCode() & (Lanes - 1);
    }

    private static long BytesOf(IReadOnlyList<ReadOnlyMemory<byte>> arguments)
    {
        long bytes = 0;
        foreach (var argument in arguments) bytes += argument.Length;
        return bytes;
    }

    /// <summary>A command without its reply yet, or with one that is not written.</summary>
    private sealed class UnderWay(string command, long startedAt, Task<RespAnswer> answer, RespVersion version)
    {
        public string Command => command;

        public long StartedAt => startedAt;

        public Task<RespAnswer> Answer => answer;

        public RespVersion Version => version;

        /// <summary>When it has ended and is counted so; without what it answered, which lanes must not keep.</summary>
        public Task End { get; set; } = Task.CompletedTask;

        /// <summary>What of the budget is its.</summary>
        public long Held { get; set; }

        public bool IsError { get; set; }
    }
}
