using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Wire;

namespace Troupe.Tests.Remote;

/// <summary>A socket at the remoting port, and the bytes that a caller would write on it.</summary>
internal static class RawCaller
{
    internal static byte[] Hello(Address to, long attempt = 1, int port = 4999)
    {
        var buffer = new FrameBuffer();
        var from = new Address("akka.tcp", "stranger", "127.0.0.1", port);
        Handshake.WriteHello(buffer, new Hello(from, 4711, attempt, to, 128_000));
        return buffer.Written.ToArray();
    }

    internal static async Task<Socket> Connect(Address address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, address.Port!.Value);
        return socket;
    }

    internal static async Task<byte[]> ReadToEnd(Socket socket)
    {
        using var limit = new CancellationTokenSource(RemoteNode.Patience);
        var received = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var count)
                received.AddRange(buffer[..count]);
        }
        catch (SocketException)
        {
            // Closed with bytes of ours unread: that is a reset, and as good an end.
        }
        return [.. received];
    }

    internal static async Task<byte[]> ReadFrame(Socket socket)
    {
        using var limit = new CancellationTokenSource(RemoteNode.Patience);
        var header = new byte[FrameHeader.LengthSize];
        await ReadExactly(socket, header, limit.Token);
        var frame = new byte[BitConverter.ToInt32(header)];
        await ReadExactly(socket, frame, limit.Token);
        return frame;
    }

    private static async Task ReadExactly(Socket socket, byte[] target, CancellationToken cancellation)
    {
        for (var filled = 0; filled < target.Length;)
        {
            var count = await socket.ReceiveAsync(target.AsMemory(filled), cancellation);
            Assert.True(count > 0);
            filled += count;
        }
    }
}
