using Akka.Remote.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace Troupe.Tests.Remote.Wire;

public sealed class FrameAssemblerProperties
{
    [Fact]
    public void However_the_stream_is_split_the_same_frames_come_out() =>
        Prop.ForAll(
            Gen.Choose(0, 700).ListOf().ToArbitrary(), Gen.Choose(1, 400).NonEmptyListOf().ToArbitrary(),
            (lengths, cuts) => Cut(Stream([.. lengths]),
                [.. cuts]).SequenceEqual(lengths.Select((length, i) => (length, (byte)i))))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_byte_at_a_time_gives_the_same_frames() =>
        Assert.Equal([(3, 0), (0, 1), (300, 2)], Cut(Stream([3, 0, 300]), [1]).Select(f => (f.Length, (int)f.Fill)));

    [Theory]
    [InlineData(0u)]
    [InlineData(1001u)]
    [InlineData(uint.MaxValue)]
    public void A_length_out_of_bounds_is_refused_before_anything_is_kept(uint length)
    {
        var frames = new FrameAssembler(1000);
        Assert.Throws<MalformedFrameException>(() =>
        {
            ReadOnlySpan<byte> input = BitConverter.GetBytes(length);
            frames.TryRead(ref input, out _);
        });
    }

    private static byte[] Stream(List<int> lengths)
    {
        var buffer = new FrameBuffer();
        for (var i = 0; i < lengths.Count; i++)
        {
            buffer.BeginFrame(FrameType.Message);
            buffer.WriteBytes(Enumerable.Repeat((byte)i, lengths[i]).ToArray());
            buffer.EndFrame();
        }
        return buffer.Written.ToArray();
    }

    /// <summary>
    /// Feeds the stream in pieces of the given sizes, round and round; answers each frame's length and fill byte.
    /// </summary>
    private static List<(int Length, byte Fill)> Cut(byte[] stream, int[] cuts)
    {
        var frames = new FrameAssembler(1000);
        var found = new List<(int, byte)>();
        for (int at = 0, i = 0; at < stream.Length; i++)
        {
            var size = Math.Min(cuts[i % cuts.Length], stream.Length - at);
            ReadOnlySpan<byte> piece = stream.AsSpan(at, size);
            while (frames.TryRead(ref piece, out var frame))
            {
                Assert.Equal((byte)FrameType.Message, frame[0]);
                Assert.True(frame.Length == 1 || frame[1..].IndexOfAnyExcept(frame[1]) < 0);
                found.Add((frame.Length - 1, frame.Length == 1 ? (byte)found.Count : frame[1]));
            }
            at += size;
        }
        return found;
    }
}
