using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace KvStore.Server.Resp;

/// <summary>
/// One Redis client: reads commands off the connection, has them carried out one after the other, and writes the replies in the same order.
/// Pipelined commands share one flush.
/// <para>Owner: Kestrel, one call of <see cref="OnConnectedAsync"/> a connection; instances keep no state of a connection.</para>
/// Invariants:
/// <list type="number">
/// <item>Replies come in the order of the commands, and a command sees what the one before it on this connection wrote.</item>
/// <item>What a connection can make the server hold is bounded: one command (<see cref="RespLimits"/>) and the replies not yet flushed;
/// a client that does not read stops its own commands and nobody else's.</item>
/// <item>Bytes that are no RESP are answered once, then the connection is closed.</item>
/// </list>
/// </summary>
public sealed class RespConnectionHandler(RespCommandTable commands, RespLimits limits, RespConnectionGate gate) : ConnectionHandler
{
    private const int FlushBytes = 64 * 1024;

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var output = connection.Transport.Output;
        if (!gate.TryEnter())
        {
            RespWriter.Write(output, new RespReply.Error("ERR", "max number of clients reached; nothing was done, try another node"));
            await output.FlushAsync();
            return;
        }
        try
        {
            await Serve(connection.Transport.Input, output, connection.ConnectionClosed);
        }
        catch (RespProtocolException problem)
        {
            RespWriter.Write(output, new RespReply.Error("ERR", problem.Message));
            await output.FlushAsync();
        }
        catch (Exception gone) when (gone is ConnectionResetException or ConnectionAbortedException or OperationCanceledException)
        {
            // The client has left in the middle of something: there is nobody to tell, and an ordinary way for a client to end.
        }
        finally
        {
            gate.Leave();
        }
    }

    private async Task Serve(PipeReader input, PipeWriter output, CancellationToken closed)
    {
        var reader = new RespCommandReader(limits);
        while (true)
        {
            var read = await input.ReadAsync(closed);
            var buffer = read.Buffer;
            while (reader.TryRead(ref buffer, out var command))
            {
                var goOn = await Answer(command, output, closed);
                if (!goOn) return;
            }
            input.AdvanceTo(buffer.Start, buffer.End);
            var flushed = await output.FlushAsync(closed);
            if (read.IsCompleted || flushed.IsCompleted) return;
        }
    }

    private async ValueTask<bool> Answer(RespCommand command, PipeWriter output, CancellationToken closed)
    {
        var answer = await commands.Execute(command, closed);
        RespWriter.Write(output, answer.Reply);
        if (answer.CloseAfter || output.UnflushedBytes >= FlushBytes)
        {
            var flushed = await output.FlushAsync(closed);
            if (flushed.IsCompleted) return false;
        }
        return !answer.CloseAfter;
    }
}
