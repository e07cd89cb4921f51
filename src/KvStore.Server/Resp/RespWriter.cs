using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace KvStore.Server.Resp;

/// <summary>Writes replies in the version of RESP that the connection speaks.</summary>
public static class RespWriter
{
    private static ReadOnlySpan<byte> NewLine => "\r\n"u8;

    public static void Write(IBufferWriter<byte> output, RespReply reply, RespVersion version)
    {
        switch (reply)
        {
            case RespReply.Simple simple:
                Line(output, (byte)'+', simple.Text);
                break;
            case RespReply.Error error:
                Line(output, (byte)'-', $"{error.Code} {error.Text}");
                break;
            case RespReply.Integer integer:
                Number(output, (byte)':', integer.Value);
                break;
            case RespReply.Nothing:
                output.Write(version == RespVersion.Resp3 ? "_\r\n"u8 : "$-1\r\n"u8);
                break;
            case RespReply.Bulk bulk:
                Counted(output, (byte)'$', bulk.Bytes.Span);
                break;
            case RespReply.Verbatim verbatim when version == RespVersion.Resp3:
                Counted(output, (byte)'=', Encoding.UTF8.GetBytes($"txt:{verbatim.Text}"));
                break;
            case RespReply.Verbatim verbatim:
                Counted(output, (byte)'$', Encoding.UTF8.GetBytes(verbatim.Text));
                break;
            case RespReply.Array array:
                WriteCount(output, array);
                foreach (var item in array.Items) Write(output, item, version);
                break;
            case RespReply.Map map:
                WriteMap(output, map, version);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Begins an array, whose items follow one by one.</summary>
    public static void WriteCount(IBufferWriter<byte> output, RespReply.Array array) => Number(output, (byte)'*', array.Items.Count);

    private static void WriteMap(IBufferWriter<byte> output, RespReply.Map map, RespVersion version)
    {
        if (version == RespVersion.Resp3) Number(output, (byte)'%', map.Entries.Count);
        else Number(output, (byte)'*', 2 * map.Entries.Count);
        foreach (var (name, value) in map.Entries)
        {
            Write(output, name, version);
            Write(output, value, version);
        }
    }

    private static void Line(IBufferWriter<byte> output, byte type, string text)
    {
        // A line break inside would end the reply early and make the rest of the text a reply of its own.
        var line = text.AsSpan().ContainsAny('\r', '\n') ? text.Replace('\r', ' ').Replace('\n', ' ') : text;
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(line.Length) + 3);
        span[0] = type;
        var length = Encoding.UTF8.GetBytes(line, span[1..]);
        NewLine.CopyTo(span[(1 + length)..]);
        output.Advance(length + 3);
    }

    private static void Counted(IBufferWriter<byte> output, byte type, ReadOnlySpan<byte> bytes)
    {
        Number(output, type, bytes.Length);
        output.Write(bytes);
        output.Write(NewLine);
    }

    private static void Number(IBufferWriter<byte> output, byte type, long value)
    {
        var span = output.GetSpan(24);
        span[0] = type;
        Utf8Formatter.TryFormat(value, span[1..], out var length);
        NewLine.CopyTo(span[(1 + length)..]);
        output.Advance(length + 3);
    }
}
