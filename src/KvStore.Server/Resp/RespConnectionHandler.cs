using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace KvStore.Server.Resp;

/// <summary>
/// One Redis client: reads commands off the connection and has them carried out (<see cref="RespPipeline"/>).
/// <para>Owner: Kestrel, one call of <see cref="OnConnectedAsync"/> a connection; instances keep no state of a connection.</para>
/// Invariants:
/// <list type="number">
/// <item>A client that does not read stops its own commands and nobody else's.</item>
/// <item>Bytes that are no RESP are answered once, after what came before them, then the connection is closed.</item>
/// <item>Before its password a connection may say little: <see cref="RespLimits.BeforeAuthentication"/>.</item>
/// <item>When the node stops, no further command is taken; those taken are answered, then the connection is closed.</item>
/// </list>
/// </summary>
public sealed class RespConnectionHandler(RespDoor door, RespLimits limits, DoorMetrics metrics) : ConnectionHandler
{
    private static readonly TimeSpan RepliesArriveWithin = TimeSpan.FromMilliseconds(250);

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var output = connection.Transport.Output;
        if (door.Connections.TryEnter(connection.RemoteEndPoint?.ToString() ?? "?") is not { } session)
        {
            RespWriter.Write(
                output, new RespReply.Error("ERR", "max number of clients reached; nothing was done, try another node"), RespVersion.Resp2);
            await output.FlushAsync();
            return;
        }
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        var input = connection.Transport.Input;
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        // A read that waits for a client which may say nothing for hours.
        using var endsReading = stopping.Register(input.CancelPendingRead);
        try
        {
            await Serve(session, input, output, stopping, gone.Token);
        }
        catch (Exception left) when (left is ConnectionResetException or ConnectionAbortedException or OperationCanceledException)
        {
            // The client has left in the middle of something: there is nobody to tell, and an ordinary way for a client to end.
        }
        finally
        {
            await gone.CancelAsync();
            door.Connections.Leave(session);
        }
    }

    private async Task Serve(
        RespSession session, PipeReader input, PipeWriter output, CancellationToken stopping, CancellationToken gone)
    {
        var pipeline = new RespPipeline(door.Commands, session, output, limits, metrics);
        var replies = pipeline.WriteReplies(gone);
        RespReply.Error? unreadable = null;
        try
        {
            // Whichever ends first: the client sends no more (or the node takes no more), or it reads no more.
            await await Task.WhenAny(ReadCommands(session, input, pipeline, stopping, gone), replies);
        }
        catch (RespProtocolException problem)
        {
            unreadable = new RespReply.Error("ERR", problem.Message);
        }
        pipeline.Complete();
        await replies;
        if (unreadable is not null)
        {
            RespWriter.Write(output, unreadable, session.Version);
            await output.FlushAsync(gone);
        }
        if (unreadable is not null || stopping.IsCancellationRequested) await LetRepliesArrive(input, gone);
    }

    /// <summary>
    /// A socket that is closed with bytes unread resets its connection, and what was sent and has not left this machine is lost with it: so what
    /// a client goes on sending is read, and passed over, until the last replies are surely out.
    /// </summary>
    private static async Task LetRepliesArrive(PipeReader input, CancellationToken gone)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(gone);
        enough.CancelAfter(RepliesArriveWithin);
        try
        {
            ReadResult read;
            do
            {
                read = await input.ReadAsync(enough.Token);
                input.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            // Long enough: now it may be reset.
        }
    }

    private async Task ReadCommands(
        RespSession session, PipeReader input, RespPipeline pipeline, CancellationToken stopping, CancellationToken gone)
    {
        var reader = new RespCommandReader(session.IsAuthenticated ? limits : RespLimits.BeforeAuthentication);
        var wasAuthenticated = session.IsAuthenticated;
        while (true)
        {
            var read = await input.ReadAsync(gone);
            var buffer = read.Buffer;
            try
            {
                while (!stopping.IsCancellationRequested && reader.TryRead(ref buffer, out var command))
                {
                    if (!await pipeline.Begin(command, gone)) return;
                    if (session.IsAuthenticated == wasAuthenticated) continue;
                    wasAuthenticated = session.IsAuthenticated;
                    reader = new RespCommandReader(wasAuthenticated ? limits : RespLimits.BeforeAuthentication);
                }
            }
            finally
            {
                input.AdvanceTo(buffer.Start, buffer.End);
            }
            if (read.IsCompleted || stopping.IsCancellationRequested) return;
        }
    }
}
