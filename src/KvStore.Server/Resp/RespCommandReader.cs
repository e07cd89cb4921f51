using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace KvStore.Server.Resp;

/// <summary>
/// Takes commands off a byte stream: RESP arrays of bulk strings, or inline lines.
/// <para>Owner: one connection; not thread-safe. A command is taken whole or not at all, but for one of too many arguments: that is passed over as
/// it arrives, and taken as a refusal at its end.</para>
/// Invariants:
/// <list type="number">
/// <item>No length is believed before it is checked against the limits, and nothing is allocated for an argument that has not
/// arrived.</item>
/// <item>Any split of the stream gives the same commands.</item>
/// <item>Of a command of too many arguments nothing is kept, however long it is.</item>
/// </list>
/// Format: the Redis serialization protocol, versions 2 and 3 (requests are the same in both).
/// </summary>
public sealed class RespCommandReader(RespLimits limits)
{
    /// <summary>As Redis: an array of more is a protocol error.</summary>
    private const int MaxCounted = 1024 * 1024;

    /// <summary>The command that is being passed over: its arguments, those still to come, and the bytes to come of the present one.</summary>
    private (int Arguments, int ToCome, long Bytes) _passing;

    /// <summary>
    /// Takes the next whole command and moves <paramref name="buffer"/> past it. False when more bytes are needed (the buffer is
    /// unchanged then, or begins with what is to be seen again). An empty line is skipped, as Redis does.
    /// </summary>
    /// <exception cref="RespProtocolException">The bytes are no command, or one over the limits.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out RespCommand command)
    {
        command = null!;
        while (!buffer.IsEmpty)
        {
            if (_passing.Arguments > 0) return TryPass(ref buffer, out command);
            var reader = new SequenceReader<byte>(buffer);
            var arguments = reader.IsNext((byte)'*') ? ReadArray(ref reader) : ReadInline(ref reader);
            if (_passing.Arguments > 0)
            {
                buffer = buffer.Slice(reader.Position);
                continue;
            }
            if (arguments is null) return false;
            buffer = buffer.Slice(reader.Position);
            if (arguments.Count == 0) continue;
            var name = NameOf(arguments[0]);
            command = new RespCommand(name.ToUpperInvariant(), arguments.GetRange(1, arguments.Count - 1)) { NameAsSent = name };
            return true;
        }
        return false;
    }

    private bool TryPass(ref ReadOnlySequence<byte> buffer, out RespCommand command)
    {
        var (arguments, toCome, bytes) = _passing;
        var reader = new SequenceReader<byte>(buffer);
        while (true)
        {
            var here = Math.Min(bytes, reader.Remaining);
            reader.Advance(here);
            bytes -= here;
            if (bytes > 0 || toCome == 0) break;
            if (!TryReadLength(ref reader, (byte)'$', "invalid bulk length", limits.MaxArgumentBytes, out var length)) break;
            if (length < 0) throw new RespProtocolException("Protocol error: invalid bulk length");
            (toCome, bytes) = (toCome - 1, length + 2L);
        }
        buffer = buffer.Slice(reader.Position);
        var isAtEnd = bytes == 0 && toCome == 0;
        _passing = isAtEnd ? default : (arguments, toCome, bytes);
        command = isAtEnd ? new RespCommand("", []) { Refusal = TooMany(arguments) } : null!;
        return isAtEnd;
    }

    private List<ReadOnlyMemory<byte>>? ReadArray(ref SequenceReader<byte> reader)
    {
        var most = limits.PassesOverLongCommands ? MaxCounted : limits.MaxArguments;
        if (!TryReadLength(ref reader, (byte)'*', "invalid multibulk length", most, out var count)) return null;
        if (count <= 0) return [];
        if (count > limits.MaxArguments)
        {
            _passing = (count, count, 0);
            return null;
        }

        // Where each argument lies is found first: an unfinished command costs no copy, however often it is looked at.
        var start = reader;
        long total = 0;
        for (var i = 0; i < count; i++)
        {
            if (!TryReadLength(ref reader, (byte)'$', "invalid bulk length", limits.MaxArgumentBytes, out var length)) return null;
            if (length < 0) throw new RespProtocolException("Protocol error: invalid bulk length");
            total += length;
            if (total > limits.MaxCommandBytes) throw new RespProtocolException("Protocol error: too big multibulk request");
            if (reader.Remaining < length + 2) return null;
            reader.Advance(length);
            if (!reader.IsNext("\r\n"u8, advancePast: true)) throw new RespProtocolException("Protocol error: invalid bulk length");
        }

        var arguments = new List<ReadOnlyMemory<byte>>(count);
        for (var i = 0; i < count; i++)
        {
            TryReadLength(ref start, (byte)'$', "invalid bulk length", limits.MaxArgumentBytes, out var length);
            arguments.Add(start.UnreadSequence.Slice(0, length).ToArray());
            start.Advance(length + 2);
        }
        return arguments;
    }

    private RespReply.Error TooMany(int arguments) => new(
        "ERR", $"the command has {arguments} arguments, and the most is {limits.MaxArguments}; nothing was done, send it in parts");

    private static bool TryReadLength(ref SequenceReader<byte> reader, byte marker, string what, int max, out int length)
    {
        const int maxLine = 32;
        length = 0;
        if (!reader.TryPeek(out var first)) return false;
        if (first != marker)
            throw new RespProtocolException($"Protocol error: expected '{(char)marker}', got '{Printable(first)}'");
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
        {
            if (reader.Remaining > maxLine) throw new RespProtocolException($"Protocol error: {what}");
            return false;
        }
        var digits = line.Slice(1);
        Span<byte> copy = stackalloc byte[maxLine];
        if (digits.IsEmpty || digits.Length > maxLine) throw new RespProtocolException($"Protocol error: {what}");
        digits.CopyTo(copy);
        var text = copy[..(int)digits.Length];
        if (!Utf8Parser.TryParse(text, out length, out var used) || used != text.Length || length > max || length < -1)
            throw new RespProtocolException($"Protocol error: {what}");
        return true;
    }

    private List<ReadOnlyMemory<byte>>? ReadInline(ref SequenceReader<byte> reader)
    {
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            if (reader.Remaining > limits.MaxInlineBytes) throw new RespProtocolException("Protocol error: too big inline request");
            return null;
        }
        if (line.Length > limits.MaxInlineBytes) throw new RespProtocolException("Protocol error: too big inline request");
        var arguments = InlineArguments.Split(line.ToArray(), limits.MaxArguments);
        // A page in a browser can have it post to this port, and the lines of what it posts would be commands.
        if (arguments.Count > 0 && NameOf(arguments[0]).ToUpperInvariant() is "POST" or "HOST:")
            throw new RespProtocolException("Protocol error: an HTTP request has come to the Redis door");
        return arguments;
    }

    private static string NameOf(ReadOnlyMemory<byte> bytes)
    {
        // As it was sent. A name is echoed in errors: bounded, and never a control character.
        const int maxName = 128;
        var name = bytes.Span[..Math.Min(bytes.Length, maxName)];
        return string.Create(name.Length, bytes, static (chars, source) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = Printable(source.Span[i]);
        });
    }

    private static char Printable(byte b) => b is >= 32 and < 127 ? (char)b : '?';
}
