using Akka.Actor;
using Akka.Remote.Wire;

namespace Troupe.Tests.Remote.Wire;

public sealed class HandshakeSpec
{
    private static readonly Hello Caller = new(
        new Address("akka.tcp", "cluster", "10.0.0.1", 4053), -77, 12, new Address("akka.tcp", "cluster", "10.0.0.2", 4054),
            128_000);

    [Fact]
    public void A_hello_is_read_as_it_was_written()
    {
        var buffer = new FrameBuffer();
        Handshake.WriteHello(buffer, Caller);
        Assert.Null(Handshake.ReadHello(Body(buffer), out var read));
        Assert.Equal(Caller, read);
        Assert.True(buffer.Count <= Handshake.MaxFrame);
    }

    [Fact]
    public void A_hello_with_the_longest_names_fits_the_first_frame()
    {
        var longest = new Address("akka.tcp", new string('s', 255), new string('h', 255), 65535);
        var buffer = new FrameBuffer();
        Handshake.WriteHello(buffer, Caller with { From = longest, To = longest });
        Assert.True(buffer.Count <= Handshake.MaxFrame);
        Assert.Null(Handshake.ReadHello(Body(buffer), out var read));
        Assert.Equal(longest, read!.To);
    }

    [Fact]
    public void A_welcome_is_read_as_it_was_written()
    {
        var buffer = new FrameBuffer();
        Handshake.WriteWelcome(buffer, new Welcome(99, 2_097_152, 17));
        Assert.Equal(new Welcome(99, 2_097_152, 17), Handshake.ReadWelcome(Body(buffer)[1..]));
    }

    [Fact]
    public void A_refusal_is_read_as_it_was_written()
    {
        var buffer = new FrameBuffer();
        Handshake.WriteRefusal(buffer, new Refusal(RefusalReason.WrongSystem, "not here"));
        Assert.Equal(new Refusal(RefusalReason.WrongSystem, "not here"), Handshake.ReadRefusal(Body(buffer)[1..]));
    }

    [Fact]
    public void Another_runtime_and_another_version_are_refused_by_name()
    {
        var runtime = Handshake.ReadHello(Forged(Handshake.Version, "Other"), out _);
        Assert.Equal(RefusalReason.WrongRuntime, runtime!.Reason);
        Assert.Contains("'Other'", runtime.Text, StringComparison.Ordinal);
        var version = Handshake.ReadHello(Forged(9, Handshake.Runtime), out _);
        Assert.Equal(RefusalReason.WrongVersion, version!.Reason);
        Assert.Contains("9", version.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "HTTP")]
    [InlineData("*1\r\n$4\r\nPING\r\n", "Redis")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000", "TLS")]
    [InlineData("\u0010\u0000\u0000\u0000\u0012\u000e", "Akka.NET")]
    [InlineData("zzzz", "noise")]
    public void Foreign_protocols_are_named(string start, string name) =>
        Assert.Contains(name, Handshake.DescribeStream([.. start.Select(c => (byte)c)]), StringComparison.Ordinal);

    [Fact]
    public void Control_characters_of_a_stranger_do_not_reach_the_log() =>
        Assert.Equal("a?b?", Handshake.Printable("a\nb\u001b"));

    private static byte[] Forged(int version, string runtime)
    {
        var buffer = new FrameBuffer();
        buffer.WriteByte((byte)FrameType.Hello);
        buffer.WriteBytes("TRP\x0D\x0A\x1A\x0A\0"u8);
        buffer.WriteVarint((ulong)version);
        buffer.WriteString(runtime);
        return buffer.Written.ToArray();
    }

    private static ReadOnlySpan<byte> Body(FrameBuffer buffer) => buffer.Written.Span[FrameHeader.LengthSize..];
}
