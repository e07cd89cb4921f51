using System.Net.Sockets;
using System.Text;

namespace KvStore.EndToEnd;

/// <summary>A Redis connection that shows replies as they came, byte for byte (as Latin-1 text).</summary>
internal sealed class RawRedis : IDisposable
{
    private readonly TcpClient _client;
    private readonly BufferedStream _stream;

    public RawRedis(int port)
    {
        _client = new TcpClient("127.0.0.1", port) { NoDelay = true };
        _stream = new BufferedStream(_client.GetStream());
    }

    public string Ask(params string[] command)
    {
        Send(command);
        return Receive();
    }

    public void Send(params string[] command)
    {
        var text = new StringBuilder($"*{command.Length}\r\n");
        foreach (var argument in command) text.Append($"${Encoding.Latin1.GetByteCount(argument)}\r\n{argument}\r\n");
        _stream.Write(Encoding.Latin1.GetBytes(text.ToString()));
        _stream.Flush();
    }

    /// <summary>One whole reply, in either version of the protocol.</summary>
    public string Receive()
    {
        var line = Line();
        var count = line[0] is '+' or '-' or ':' or '_' or ',' or '#' ? -1 : int.Parse(line[1..^2]);
        return (line[0], count) switch
        {
            (_, < 0) => line,
            ('$' or '=', _) => line + Bytes(count + 2),
            ('*' or '~' or '>', _) => line + string.Concat(Enumerable.Range(0, count).Select(_ => Receive())),
            ('%', _) => line + string.Concat(Enumerable.Range(0, 2 * count).Select(_ => Receive())),
            _ => throw new InvalidDataException($"No reply begins with '{line}'."),
        };
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private string Line()
    {
        var line = new StringBuilder();
        while (line.Length < 2 || line[^1] != '\n' || line[^2] != '\r') line.Append((char)Byte());
        return line.ToString();
    }

    private string Bytes(int count)
    {
        var bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    private int Byte() => _stream.ReadByte() is var b and >= 0 ? b : throw new EndOfStreamException("The connection was closed.");
}
