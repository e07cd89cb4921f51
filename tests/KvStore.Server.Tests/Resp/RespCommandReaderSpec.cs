using System.Buffers;
using System.Text;
using KvStore.Server.Resp;

namespace KvStore.Server.Tests.Resp;

public sealed class RespCommandReaderSpec
{
    private static readonly RespLimits Small = new() { MaxArguments = 8, MaxArgumentBytes = 64, MaxCommandBytes = 128, MaxInlineBytes = 64 };

    [Fact]
    public void An_array_of_bulk_strings_is_a_command() =>
        Assert.Equal(["SET|k|v"], Read("*3\r\n$3\r\nset\r\n$1\r\nk\r\n$1\r\nv\r\n"));

    [Fact]
    public void Pipelined_commands_come_one_after_the_other() =>
        Assert.Equal(["PING", "GET|k"], Read("*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"));

    [Fact]
    public void Arguments_may_hold_any_byte_and_may_be_empty() =>
        Assert.Equal(["SET|\r\n\0ÿ|"], Read("*3\r\n$3\r\nSET\r\n$4\r\n\r\n\0ÿ\r\n$0\r\n\r\n"));

    [Fact]
    public void A_typed_line_is_a_command() =>
        Assert.Equal(["SET|a key|v\n|x"], Read("  set \"a key\" \"v\\n\" 'x'\r\n"));

    [Fact]
    public void Empty_lines_and_empty_arrays_are_passed_over() =>
        Assert.Equal(["PING"], Read("\r\n*0\r\n*-1\r\n\r\nPING\r\n"));

    [Fact]
    public void Any_split_of_the_stream_gives_the_same_commands()
    {
        const string stream = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\nGET k\r\n*1\r\n$4\r\nPING\r\n";
        string[] expected = ["SET|k|value", "GET|k", "PING"];
        var bytes = Encoding.Latin1.GetBytes(stream);
        for (var first = 0; first < bytes.Length; first++)
            for (var second = first; second < bytes.Length; second++)
                Assert.Equal(expected, ReadInParts(bytes[..first], bytes[first..second], bytes[second..]));
    }

    [Theory]
    [InlineData("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nval")]
    [InlineData("*2\r\n$3\r\nGET\r\n$1\r\nk")]
    [InlineData("*")]
    [InlineData("PIN")]
    public void An_unfinished_command_leaves_the_buffer_as_it_was(string stream)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(stream));
        Assert.False(new RespCommandReader(Small).TryRead(ref buffer, out _));
        Assert.Equal(stream.Length, buffer.Length);
    }

    [Theory]
    [InlineData("*1048577\r\n", "Protocol error: invalid multibulk length")]
    [InlineData("*9\r\n$1\r\na\r\n$65\r\n", "Protocol error: invalid bulk length")]
    [InlineData("*9\r\n$1\r\na\r\nGET", "Protocol error: expected '$', got 'G'")]
    [InlineData("*999999999999\r\n", "Protocol error: invalid multibulk length")]
    [InlineData("*x\r\n", "Protocol error: invalid multibulk length")]
    [InlineData("*1\r\n+PING\r\n", "Protocol error: expected '$', got '+'")]
    [InlineData("*1\r\n$65\r\n", "Protocol error: invalid bulk length")]
    [InlineData("*1\r\n$-1\r\n", "Protocol error: invalid bulk length")]
    [InlineData("*1\r\n$4\r\nPINGxx", "Protocol error: invalid bulk length")]
    [InlineData("*1\r\n$11111111111111111111111111111111111", "Protocol error: invalid bulk length")]
    [InlineData("GET \"k\r\n", "Protocol error: unbalanced quotes in request")]
    [InlineData("GET 'k'x\r\n", "Protocol error: unbalanced quotes in request")]
    [InlineData("POST / HTTP/1.1\r\n", "Protocol error: an HTTP request has come to the Redis door")]
    [InlineData("host: 127.0.0.1:6380\r\n", "Protocol error: an HTTP request has come to the Redis door")]
    public void What_is_no_command_is_refused_in_Redis_words(string stream, string message) =>
        Assert.Equal(message, Assert.Throws<RespProtocolException>(() => Read(stream)).Message);

    [Fact]
    public void A_command_of_too_many_arguments_is_passed_over_and_refused_at_its_end_however_the_stream_is_split()
    {
        var stream = $"PING\r\n*9\r\n{string.Concat(Enumerable.Repeat("$3\r\nabc\r\n", 8))}$0\r\n\r\nPING\r\n";
        string[] expected = ["PING", "the command has 9 arguments, and the most is 8; nothing was done, send it in parts", "PING"];
        var bytes = Encoding.Latin1.GetBytes(stream);
        for (var first = 0; first < bytes.Length; first++)
            for (var second = first; second < bytes.Length; second++)
                Assert.Equal(expected, ReadInParts(bytes[..first], bytes[first..second], bytes[second..]));
    }

    [Fact]
    public void Of_a_command_that_is_passed_over_nothing_stays_in_the_buffer()
    {
        var reader = new RespCommandReader(Small);
        var buffer = new ReadOnlySequence<byte>("*100\r\n$60\r\nonly a part"u8.ToArray());
        Assert.False(reader.TryRead(ref buffer, out _));
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void Before_the_password_a_command_of_too_many_arguments_is_a_protocol_error()
    {
        var buffer = new ReadOnlySequence<byte>("*11\r\n"u8.ToArray());
        Assert.Throws<RespProtocolException>(() => new RespCommandReader(RespLimits.BeforeAuthentication).TryRead(ref buffer, out _));
    }

    [Fact]
    public void The_name_is_known_in_upper_case_and_as_it_was_sent()
    {
        var buffer = new ReadOnlySequence<byte>("foo\r\n"u8.ToArray());
        Assert.True(new RespCommandReader(Small).TryRead(ref buffer, out var command));
        Assert.Equal(("FOO", "foo"), (command.Name, command.NameAsSent));
    }

    [Fact]
    public void A_command_over_the_limit_is_refused_before_its_bytes_arrive()
    {
        var lengths = "*4\r\n$3\r\nSET\r\n$60\r\n" + new string('k', 60) + "\r\n$60\r\n" + new string('v', 60) + "\r\n$60\r\n";
        Assert.Equal("Protocol error: too big multibulk request", Assert.Throws<RespProtocolException>(() => Read(lengths)).Message);
    }

    [Fact]
    public void A_line_without_end_is_refused() =>
        Assert.Throws<RespProtocolException>(() => Read(new string('x', 65)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Garbage_is_refused_or_waited_for_and_never_anything_else(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = Garbage(random);
            var buffer = new ReadOnlySequence<byte>(bytes);
            var reader = new RespCommandReader(Small);
            try
            {
                while (reader.TryRead(ref buffer, out var command))
                    Assert.True(command.Arguments.Count < Small.MaxArguments);
            }
            catch (RespProtocolException refused)
            {
                Assert.StartsWith("Protocol error: ", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Bytes that look like RESP often enough to get past the first check.</summary>
    private static byte[] Garbage(Random random)
    {
        string[] pieces = ["*", "$", "\r\n", "1", "3", "-1", "99", "GET", "k", "\"", "'", " ", "\0", "ÿ", "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"];
        var text = new StringBuilder();
        for (var i = random.Next(1, 12); i > 0; i--) text.Append(pieces[random.Next(pieces.Length)]);
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private static List<string> Read(string stream) => ReadInParts(Encoding.Latin1.GetBytes(stream));

    private static List<string> ReadInParts(params byte[][] parts)
    {
        var reader = new RespCommandReader(Small);
        var commands = new List<string>();
        var unread = Array.Empty<byte>();
        foreach (var part in parts)
        {
            // The rest and the new part lie in two segments, as they do in a pipe.
            var buffer = Segment.Join(unread, part);
            while (reader.TryRead(ref buffer, out var command))
                commands.Add(command.Refusal?.Text ?? string.Join('|', command.Arguments.Select(a => Encoding.Latin1.GetString(a.Span)).Prepend(command.Name)));
            unread = buffer.ToArray();
        }
        return commands;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Join(byte[] first, byte[] second)
        {
            var head = new Segment { Memory = first };
            var tail = new Segment { Memory = second, RunningIndex = first.Length };
            head.Next = tail;
            return new ReadOnlySequence<byte>(head, 0, tail, second.Length);
        }
    }
}
