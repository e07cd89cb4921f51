using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace KvStore.Benchmarks.Actors;

/// <summary>
/// What the machine allows: frames of the same length as remoting's, echoed by the other process over one plain socket, with no
/// actors, tables or serializers. Whatever arrives together is answered together.
/// </summary>
internal static class BareSocket
{
    /// <summary>Length, type, recipient, sender and manifest numbers of a small remoting frame, and the payload's own number.</summary>
    private const int Envelope = 18;

    private const int BufferSize = 256 * 1024;

    internal static Measurement Measure(Plan plan, int outstanding)
    {
        using var peer = RoundTripPeer.Start("socket");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPEndPoint.Parse(peer.Endpoint));
        var counter = new Counter();
        var latencies = outstanding == 1 ? new Latencies() : null;
        _ = Drive(socket, Frame(plan.Payload), outstanding, counter, latencies);
        return Measurement.Take($"bare socket round trips, {outstanding} outstanding", plan, () => counter.Value, latencies);
    }

    internal static async Task Serve(Socket listener)
    {
        using var socket = await listener.AcceptAsync();
        socket.NoDelay = true;
        await Pump(socket, static (socket, frames, _) => socket.SendAsync(frames));
    }

    private static async Task Drive(Socket socket, byte[] frame, int outstanding, Counter counter, Latencies? latencies)
    {
        var startedAt = Stopwatch.GetTimestamp();
        for (var i = 0; i < outstanding; i++)
            await socket.SendAsync(frame);
        await Pump(socket, (_, frames, count) =>
        {
            counter.Value += count;
            latencies?.Record(startedAt);
            startedAt = Stopwatch.GetTimestamp();
            return socket.SendAsync(frames);
        });
    }

    /// <summary>Reads for ever; whole frames are handed over together, in the buffer where they arrived.</summary>
    private static async Task Pump(Socket socket, Func<Socket, ReadOnlyMemory<byte>, int, ValueTask<int>> take)
    {
        var buffer = new byte[BufferSize];
        var filled = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(filled)) is > 0 and var received)
            {
                filled += received;
                var (whole, count) = WholeFrames(buffer.AsSpan(0, filled));
                if (count > 0)
                    await take(socket, buffer.AsMemory(0, whole), count);
                buffer.AsSpan(whole, filled - whole).CopyTo(buffer);
                filled -= whole;
            }
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
        {
            // The measurement is over.
        }
    }

    private static (int Bytes, int Count) WholeFrames(ReadOnlySpan<byte> bytes)
    {
        var (at, count) = (0, 0);
        while (bytes.Length - at >= sizeof(int))
        {
            var length = sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            if (bytes.Length - at < length)
                break;
            at += length;
            count++;
        }
        return (at, count);
    }

    private static byte[] Frame(int payload)
    {
        var frame = new byte[Envelope + payload];
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - sizeof(int));
        return frame;
    }
}
