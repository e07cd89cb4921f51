using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace KvStore.Benchmarks.Actors;

/// <summary>
/// What the machine allows: frames of the same length as remoting's, echoed by the other process over one plain socket, with no
/// actors, tables, serializers or allocations. Both ends take frame by frame and put frame by frame; whatever arrived
/// together leaves
/// in one write.
/// </summary>
internal static class BareSocket
{
    /// <summary>
    /// Length, type, recipient, sender and manifest numbers of a small remoting frame, and the payload's own number.
    /// </summary>
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
        return Measurement.Take(
            $"bare socket round trips, {outstanding} outstanding", plan, () => counter.Value, latencies, peer);
    }

    internal static async Task Serve(Socket listener)
    {
        using var socket = await listener.AcceptAsync();
        socket.NoDelay = true;
        await Pump(socket, static (frame, output) => frame.CopyTo(output), static _ => { });
    }

    private static async Task Drive(Socket socket, byte[] frame, int outstanding, Counter counter, Latencies? latencies)
    {
        var startedAt = Stopwatch.GetTimestamp();
        for (var i = 0; i < outstanding; i++)
            await socket.SendAsync(frame);
        await Pump(socket, (_, output) => frame.CopyTo(output), count =>
        {
            counter.Value += count;
            latencies?.Record(startedAt);
            startedAt = Stopwatch.GetTimestamp();
        });
    }

    private delegate void Answer(ReadOnlySpan<byte> frame, Span<byte> output);

    /// <summary>
    /// Reads for ever; each whole frame is answered by one of the same length, and all answers to a read leave together.
    /// </summary>
    private static async Task Pump(Socket socket, Answer answer, Action<int> answered)
    {
        var (input, output) = (new byte[BufferSize], new byte[BufferSize]);
        var filled = 0;
        try
        {
            while (await socket.ReceiveAsync(input.AsMemory(filled)) is > 0 and var received)
            {
                filled += received;
                var (whole, count) = AnswerWholeFrames(input.AsSpan(0, filled), output, answer);
                answered(count);
                if (whole > 0)
                    await socket.SendAsync(output.AsMemory(0, whole));
                input.AsSpan(whole, filled - whole).CopyTo(input);
                filled -= whole;
            }
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
        {
            // The measurement is over.
        }
    }

    private static (int Bytes, int Count) AnswerWholeFrames(ReadOnlySpan<byte> input, Span<byte> output, Answer answer)
    {
        var (at, count) = (0, 0);
        while (input.Length - at >= sizeof(int))
        {
            var length = sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(input[at..]);
            if (input.Length - at < length)
                break;
            answer(input.Slice(at, length), output.Slice(at, length));
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
