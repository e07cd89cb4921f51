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
/// before it have ended: what one connection can make the server hold is bounded.</item>
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

    private readonly Channel<UnderWay> _underWay = Channel.CreateBounded<UnderWay>(
        new BoundedChannelOptions(limits.MaxUnderWay) { SingleReader = true, SingleWriter = true });

    /// <summary>Begins a command; waits while there are too many. False when no more may come: the connection ends after this one.</summary>
    public async ValueTask<bool> Begin(RespCommand command, CancellationToken closed)
    {
        var info = commands.Admit(command, session, out var refused);
        if (info is null) return await Enqueue("unknown", Task.FromResult(new RespAnswer(refused!)), closed);

        var request = new RespRequest(session, session.Bucket, command.Name, command.Arguments, closed);
        if (info.Has(CommandFlags.ChangesSession))
        {
            await Task.WhenAll(_lanes);
            var answer = await info.Execute(request);
            return await Enqueue(info.Name, Task.FromResult(answer), closed) && !answer.CloseAfter;
        }
        var running = Start(info, request);
        return await Enqueue(info.Name, running, closed);
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
                if (!next.Answer.IsCompleted && !await Flush(closed)) return;
                var reply = (await next.Answer).Reply;
                RespWriter.Write(output, reply, next.Version);
                metrics.Answered(next.Command, next.StartedAt, reply is RespReply.Error);
                next = default;
                if (output.UnflushedBytes >= FlushBytes && !await Flush(closed)) return;
            }
            if (!await Flush(closed)) return;
        }
    }

    private Task<RespAnswer> Start(RespCommandInfo info, RespRequest request)
    {
        Task before;
        if (info.Has(CommandFlags.TouchesAnyKey) || IsLarge(request.Arguments))
        {
            before = Task.WhenAll(_lanes);
            var alone = After(before, info, request);
            Array.Fill(_lanes, EndOf(alone));
            return alone;
        }
        Span<int> mine = stackalloc int[request.Arguments.Count];
        var count = 0;
        var last = info.Keys.LastOf(request.Arguments.Count);
        for (var i = info.Keys.First; i <= last; i += info.Keys.Step) mine[count++] = LaneOf(request.Arguments[i - 1].Span);
        before = Unfinished(mine[..count]);
        var running = before.IsCompletedSuccessfully ? Now(info, request) : After(before, info, request);
        if (count == 0) return running;
        var end = EndOf(running);
        foreach (var lane in mine[..count]) _lanes[lane] = end;
        return running;
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

    private static Task EndOf(Task running) => running.IsCompletedSuccessfully ? Task.CompletedTask : WithoutResult(running);

    private static async Task WithoutResult(Task running) => await running;

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

    private async ValueTask<bool> Enqueue(string command, Task<RespAnswer> answer, CancellationToken closed)
    {
        await _underWay.Writer.WriteAsync(new UnderWay(command, Stopwatch.GetTimestamp(), answer, session.Version), closed);
        return true;
    }

    /// <summary>False when the client reads no more.</summary>
    private async ValueTask<bool> Flush(CancellationToken closed) =>
        output.UnflushedBytes == 0 || !(await output.FlushAsync(closed)).IsCompleted;

    private static int LaneOf(ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.AddBytes(key);
        return hash.ToHashCode() & (Lanes - 1);
    }

    private static bool IsLarge(IReadOnlyList<ReadOnlyMemory<byte>> arguments)
    {
        long bytes = 0;
        foreach (var argument in arguments) bytes += argument.Length;
        return bytes > LargeBytes;
    }

    private readonly record struct UnderWay(string Command, long StartedAt, Task<RespAnswer> Answer, RespVersion Version);
}
