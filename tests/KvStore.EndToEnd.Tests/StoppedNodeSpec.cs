using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace KvStore.EndToEnd;

/// <summary>A node that is asked to stop while clients are connected: it takes nothing more, answers what it took, and is gone soon.</summary>
public sealed class StoppedNodeSpec
{
    private const string Alone = "kv-store.quorum { n = 1, r = 1, w = 1 }";

    /// <summary>Its doors wait 7 s for requests; none of these takes that long.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task With_one_client_idle_and_one_that_keeps_sending_it_stops_soon_and_answers_each_command_that_it_took()
    {
        await using var group = await NodeGroup.Up(nodes: 1, TestPorts.OffsetOf(nameof(StoppedNodeSpec)), Alone);
        using var idle = new RawRedis(group[1].Ports.Resp);
        Assert.Equal("+PONG\r\n", idle.Ask("PING"));
        using var busy = new TcpClient("127.0.0.1", group[1].Ports.Resp);
        var firstReply = new TaskCompletionSource();
        var sending = KeepSending(busy.GetStream());
        var answered = CountReplies(busy.GetStream(), firstReply);
        await firstReply.Task;

        Assert.Equal(0, await group[1].Stop().WaitAsync(Soon));

        await sending;
        var replies = await answered;
        await group.Restart(1);
        using var after = new RawRedis(group[1].Ports.Resp);
        var count = replies.ToString(CultureInfo.InvariantCulture);
        Assert.Equal($"${count.Length}\r\n{count}\r\n", after.Ask("GET", "n"));
    }

    private static async Task KeepSending(NetworkStream stream)
    {
        var command = "INCR n\r\n"u8.ToArray();
        try
        {
            while (true) await stream.WriteAsync(command);
        }
        catch (IOException)
        {
            // The node has closed the connection: what the test waits for.
        }
    }

    /// <summary>How many whole lines came until the connection ended. Each is a number, one more than the one before.</summary>
    private static async Task<int> CountReplies(NetworkStream stream, TaskCompletionSource first)
    {
        var (bytes, text) = (new byte[4096], new StringBuilder());
        try
        {
            while (await stream.ReadAsync(bytes) is var count and > 0)
            {
                text.Append(Encoding.ASCII.GetString(bytes, 0, count));
                first.TrySetResult();
            }
        }
        catch (IOException)
        {
            // Closed with commands of ours unread: as good an end as the other.
        }
        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < lines.Length; i++) Assert.Equal($":{i + 1}", lines[i]);
        return lines.Length;
    }
}
