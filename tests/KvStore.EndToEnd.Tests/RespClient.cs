using System.Net.Sockets;
using System.Text;

namespace KvStore.EndToEnd;

/// <summary>
/// A Redis connection of a test's own: one command at a time, or many sent ahead of their replies. Text stands for bytes (Latin-1). Owner: one
/// loop of a test.
/// </summary>
internal sealed class RespClient : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private RespClient(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
        _reader = new StreamReader(_stream, Encoding.Latin1);
    }

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<RespClient> Connect(int port)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return new RespClient(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>The bytes of a command as a client sends them.</summary>
    public static byte[] Encode(params string[] command)
    {
        var text = new StringBuilder($"*{command.Length}\r\n");
        foreach (var argument in command) text.Append($"${argument.Length}\r\n{argument}\r\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <exception cref="IOException">The connection ended before the whole reply was there.</exception>
    public async Task<Reply> Ask(params string[] command)
    {
        await _stream.WriteAsync(Encode(command));
        return await Receive();
    }

    /// <summary>Sends all commands without waiting, and hands over the replies in order.</summary>
    public async Task<IReadOnlyList<Reply>> AskAll(IReadOnlyList<string[]> commands)
    {
        var sending = Task.Run(async () =>
        {
            foreach (var command in commands) await _stream.WriteAsync(Encode(command));
        });
        var replies = new List<Reply>();
        while (replies.Count < commands.Count) replies.Add(await Receive());
        await sending;
        return replies;
    }

    public void Dispose() => _client.Dispose();

    private async Task<Reply> Receive()
    {
        var line = await _reader.ReadLineAsync() ?? throw new IOException("The node closed the connection.");
        switch (line[0])
        {
            case '$' when line != "$-1":
                return new Reply('$', await Text(int.Parse(line[1..])), []);
            case '*' or '%' when line != "*-1":
                var items = new Reply[int.Parse(line[1..]) * (line[0] == '%' ? 2 : 1)];
                for (var i = 0; i < items.Length; i++) items[i] = await Receive();
                return new Reply(line[0], null, items);
            default:
                return new Reply(line[0], line[0] is '$' or '*' or '_' ? null : line[1..], []);
        }
    }

    private async Task<string> Text(int length)
    {
        var text = new char[length + 2];
        if (await _reader.ReadBlockAsync(text) < text.Length) throw new IOException("The node closed the connection within a reply.");
        return new string(text, 0, length);
    }
}

/// <summary>A reply: its type's sign, its text (null for none), its items.</summary>
internal sealed record Reply(char Type, string? Text, IReadOnlyList<Reply> Items)
{
    /// <summary>The first word of an error; null when it is none.</summary>
    public string? Error => Type == '-' ? Text!.Split(' ')[0] : null;

    /// <summary>What stands behind a name, in a reply of names and values.</summary>
    public Reply this[string name]
    {
        get
        {
            for (var i = 0; i + 1 < Items.Count; i += 2)
            {
                if (Items[i].Text == name) return Items[i + 1];
            }
            throw new KeyNotFoundException($"No '{name}' in {this}.");
        }
    }

    public override string ToString() => Items.Count > 0 ? $"[{string.Join(", ", Items)}]" : $"{Type}{Text}";
}
