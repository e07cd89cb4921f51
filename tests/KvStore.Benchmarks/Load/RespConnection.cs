using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KvStore.Benchmarks.Load;

/// <summary>
/// One connection to a Redis door, one command at a time, without garbage. Owner: one load loop. It blocks its thread: what is measured shares the
/// processors with the load, and a thread that sleeps in the kernel is the cheapest way to wait for an answer.
/// </summary>
internal sealed class RespConnection : ILoadDoor
{
    private readonly Socket _socket;
    private byte[] _input = new byte[4096];
    private byte[] _output = new byte[4096];
    private int _length;
    private int _filled;

    public RespConnection(IPEndPoint endpoint)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(endpoint);
    }

    public bool Blocks => true;

    public ValueTask<Answer> Get(ReadOnlyMemory<byte> key)
    {
        Begin(2);
        Argument("GET"u8);
        Argument(key.Span);
        return ValueTask.FromResult(Exchange());
    }

    public ValueTask<Answer> Set(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        Begin(3);
        Argument("SET"u8);
        Argument(key.Span);
        Argument(value.Span);
        return ValueTask.FromResult(Exchange());
    }

    /// <summary>The INFO text.</summary>
    public string Info()
    {
        Begin(1);
        Argument("INFO"u8);
        var answer = Exchange();
        return Encoding.UTF8.GetString(answer.Value.Span);
    }

    public void Dispose() => _socket.Dispose();

    private void Begin(int arguments)
    {
        _length = 0;
        Append((byte)'*', arguments);
    }

    private void Argument(ReadOnlySpan<byte> argument)
    {
        Append((byte)'$', argument.Length);
        Room(argument.Length + 2);
        argument.CopyTo(_output.AsSpan(_length));
        _length += argument.Length;
        NewLine();
    }

    private void Append(byte type, int number)
    {
        Room(16);
        _output[_length++] = type;
        Utf8Formatter.TryFormat(number, _output.AsSpan(_length), out var digits);
        _length += digits;
        NewLine();
    }

    private void NewLine()
    {
        _output[_length++] = (byte)'\r';
        _output[_length++] = (byte)'\n';
    }

    private void Room(int bytes)
    {
        if (_output.Length - _length < bytes + 2) Array.Resize(ref _output, Math.Max(2 * _output.Length, _length + bytes + 2));
    }

    private Answer Exchange()
    {
        for (var sent = 0; sent < _length;) sent += _socket.Send(_output.AsSpan(sent, _length - sent));
        _filled = 0;
        while (true)
        {
            if (_filled == _input.Length) Array.Resize(ref _input, 2 * _input.Length);
            var read = _socket.Receive(_input.AsSpan(_filled));
            if (read == 0) throw new IOException("The node closed the connection.");
            _filled += read;
            if (Whole() is { } answer) return answer;
        }
    }

    /// <summary>The answer, once all of it is there.</summary>
    private Answer? Whole()
    {
        var line = _input.AsSpan(0, _filled).IndexOf("\r\n"u8);
        if (line < 0) return null;
        var head = _input.AsSpan(1, line - 1);
        if (_input[0] != '$') return new Answer(_input[0] == '-' ? Encoding.ASCII.GetString(head) : null, default);
        if (!Utf8Parser.TryParse(head, out int length, out _)) throw new IOException("The node answered no RESP.");
        if (length < 0) return new Answer(null, default);
        return _filled < line + 2 + length + 2 ? null : new Answer(null, _input.AsMemory(line + 2, length));
    }
}
