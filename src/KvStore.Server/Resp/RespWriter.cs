using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace KvStore.Server.Resp;

/// <summary>Writes replies in RESP2, which a RESP3 client reads as well.</summary>
public static class RespWriter
{
    private static ReadOnlySpan<byte> NewLine => "\r\n"u8;

    public static void Write(IBufferWriter<byte> output, RespReply reply)
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
            case RespReply.Bulk { Bytes: null }:
                output.Write("$-1\r\n"u8);
                break;
            case RespReply.Bulk bulk:
                Number(output, (byte)'$', bulk.Bytes.Value.Length);
                output.Write(bulk.Bytes.Value.Span);
                output.Write(NewLine);
                break;
            case RespReply.Array array:
                Number(output, (byte)'*', array.Items.Count);
                foreach (var item in array.Items) Write(output, item);
                break;
            default:
                throw new UnreachableException();
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

    private static void Number(IBufferWriter<byte> output, byte type, long value)
    {
        var span = output.GetSpan(24);
        span[0] = type;
        Utf8Formatter.TryFormat(value, span[1..], out var length);
        NewLine.CopyTo(span[(1 + length)..]);
        output.Advance(length + 3);
    }
}
