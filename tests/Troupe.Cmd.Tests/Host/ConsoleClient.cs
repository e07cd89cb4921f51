using System.Net;
using System.Net.Sockets;
using Petabridge.Cmd.Protocol;

namespace Troupe.Cmd.Tests.Host;

/// <summary>A client that says what a test wants it to say. Waits are bounded.</summary>
internal sealed class ConsoleClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _input = new byte[ConsoleCodec.MaxFromHost + 4];
    private int _filled;

    public static async Task<ConsoleClient> Connect(IPEndPoint endpoint)
    {
        var client = new ConsoleClient();
        await client._socket.ConnectAsync(endpoint).WaitAsync(Patience);
        return client;
    }

    /// <summary>A client that has been welcomed.</summary>
    public static async Task<ConsoleClient> Welcomed(IPEndPoint endpoint, string password = "")
    {
        var client = await Connect(endpoint);
        await client.Say(new ConsoleMessage.Hello(ConsoleCodec.Version, password));
        Assert.IsType<ConsoleMessage.Welcome>(await client.Hear());
        return client;
    }

    public Task Say(ConsoleMessage message) => SayBytes(ConsoleCodec.Write(message));

    public async Task SayBytes(byte[] bytes) => await _socket.SendAsync(bytes).WaitAsync(Patience);

    /// <summary>The next message; null when the host has closed the connection.</summary>
    public async Task<ConsoleMessage?> Hear()
    {
        while (true)
        {
            if (ConsoleCodec.TryRead(_input.AsSpan(0, _filled), ConsoleCodec.MaxFromHost, out var message, out var consumed))
            {
                _input.AsSpan(consumed, _filled - consumed).CopyTo(_input);
                _filled -= consumed;
                return message;
            }
            try
            {
                var bytes = await _socket.ReceiveAsync(_input.AsMemory(_filled)).AsTask().WaitAsync(Patience);
                if (bytes == 0) return null;
                _filled += bytes;
            }
            catch (SocketException)
            {
                return null;
            }
        }
    }

    /// <summary>The lines of a command's answer, and whether it has failed.</summary>
    public async Task<(string Lines, bool HasFailed)> Run(string line)
    {
        await Say(new ConsoleMessage.Run(line));
        return await Answer();
    }

    public async Task<(string Lines, bool HasFailed)> Answer()
    {
        var lines = new List<string>();
        while (true)
        {
            switch (await Hear())
            {
                case ConsoleMessage.Output output:
                    lines.Add(output.Text);
                    break;
                case ConsoleMessage.End end:
                    if (end.Text.Length > 0) lines.Add(end.Text);
                    return (string.Join('\n', lines), end.HasFailed);
                case var other:
                    Assert.Fail($"{other} is no answer");
                    break;
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
