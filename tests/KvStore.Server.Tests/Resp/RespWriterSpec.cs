using System.Buffers;
using System.Text;
using KvStore.Server.Resp;

namespace KvStore.Server.Tests.Resp;

public sealed class RespWriterSpec
{
    [Fact]
    public void Every_kind_of_reply_has_its_bytes()
    {
        Assert.Equal("+OK\r\n", Written(RespReply.Ok));
        Assert.Equal("$-1\r\n", Written(RespReply.Null));
        Assert.Equal("-ERR no\r\n", Written(new RespReply.Error("ERR", "no")));
        Assert.Equal(":-7\r\n", Written(new RespReply.Integer(-7)));
        Assert.Equal("$2\r\n\r\n\r\n", Written(new RespReply.Bulk("\r\n"u8.ToArray())));
        Assert.Equal("*2\r\n:1\r\n$0\r\n\r\n", Written(new RespReply.Array([new RespReply.Integer(1), new RespReply.Bulk(Array.Empty<byte>())])));
    }

    [Fact]
    public void A_line_break_in_a_text_does_not_end_the_reply_early() =>
        Assert.Equal("-ERR a  b\r\n", Written(new RespReply.Error("ERR", "a\r\nb")));

    [Fact]
    public void What_only_the_third_version_can_say_has_its_form_in_both()
    {
        var map = new RespReply.Map([KeyValuePair.Create(RespReply.OfText("a"), RespReply.Null)]);
        Assert.Equal("*2\r\n$1\r\na\r\n$-1\r\n", Written(map));
        Assert.Equal("%1\r\n$1\r\na\r\n_\r\n", Written(map, RespVersion.Resp3));
        Assert.Equal("$2\r\nhi\r\n", Written(new RespReply.Verbatim("hi")));
        Assert.Equal("=6\r\ntxt:hi\r\n", Written(new RespReply.Verbatim("hi"), RespVersion.Resp3));
    }

    private static string Written(RespReply reply, RespVersion version = RespVersion.Resp2)
    {
        var output = new ArrayBufferWriter<byte>();
        RespWriter.Write(output, reply, version);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
