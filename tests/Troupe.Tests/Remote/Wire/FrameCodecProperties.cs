using Akka.Remote.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace Troupe.Tests.Remote.Wire;

public sealed class FrameCodecProperties
{
    [Fact]
    public void Numbers_and_texts_come_back_as_they_were_written() =>
        Prop.ForAll<ulong, string>((number, text) =>
        {
            text = new string([.. (text ?? "").Where(c => !char.IsSurrogate(c))]);
            var buffer = new FrameBuffer();
            buffer.WriteVarint(number);
            buffer.WriteString(text);
            var reader = new FrameReader(buffer.Written.Span);
            return reader.ReadVarint() == number && reader.ReadString(int.MaxValue - 1) == text && reader.Rest.IsEmpty;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_power_of_two_survives()
    {
        var buffer = new FrameBuffer();
        for (var bit = 0; bit < 64; bit++)
            buffer.WriteVarint(1UL << bit);
        var reader = new FrameReader(buffer.Written.Span);
        for (var bit = 0; bit < 64; bit++)
            Assert.Equal(1UL << bit, reader.ReadVarint());
    }

    [Fact]
    public void A_text_longer_than_the_short_form_survives()
    {
        var text = new string('ä', 5000);
        var buffer = new FrameBuffer();
        buffer.WriteString(text);
        Assert.Equal(text, new FrameReader(buffer.Written.Span).ReadString(20_000));
    }

    [Fact]
    public void Noise_is_refused_as_malformed_and_never_as_anything_else() =>
        Prop.ForAll<byte[]>(noise =>
        {
            noise ??= [];
            OnlyMalformed(noise, static bytes => new FrameReader(bytes).ReadVarint());
            OnlyMalformed(noise, static bytes => new FrameReader(bytes).ReadString(100));
            OnlyMalformed(noise, static bytes => Handshake.ReadWelcome(bytes));
            OnlyMalformed(noise, static bytes => Handshake.ReadRefusal(bytes));
            OnlyMalformed(noise, static bytes => Handshake.ReadHello([1, .. "TRP\x0D\x0A\x1A\x0A\0"u8, .. bytes], out _));
        }).QuickCheckThrowOnFailure();

    private delegate void Reading(ReadOnlySpan<byte> bytes);

    private static void OnlyMalformed(byte[] bytes, Reading read)
    {
        try
        {
            read(bytes);
        }
        catch (MalformedFrameException)
        {
            // The one way to say no.
        }
    }
}
