using System.Runtime.CompilerServices;
using KvStore.Core.Identity;

namespace KvStore.Wire.Tests;

public sealed class WireCodecSpec
{
    public static TheoryData<string> Names() => [.. WireSamples.All.Select(sample => sample.Name)];

    [Fact]
    public void Each_type_of_message_has_a_number_of_its_own_and_a_sample()
    {
        var types = typeof(IWireMessage).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IWireMessage)) && !type.IsInterface)
            .ToHashSet();
        Assert.Equal(types, WireCodec.Messages.Select(message => message.Type).ToHashSet());
        Assert.Equal(types.Count, WireCodec.Messages.Select(message => message.Number).Distinct().Count());
        Assert.Equal(types, WireSamples.All.Select(sample => sample.Message.GetType()).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_read_is_what_was_written(string name)
    {
        var message = Sample(name);
        var decoded = WireCodec.Decode(WireCodec.ManifestOf(message), WireCodec.Encode(message));
        Assert.Equal(message.GetType(), decoded.GetType());
        Assert.Equal(Structure.Of(message), Structure.Of(decoded));
    }

    /// <summary>
    /// The bytes of each message are for ever: nodes of two versions talk to each other. A line of the file changes only together
    /// with the protocol's version. With KV_REWRITE=1 in the environment the file is written anew.
    /// </summary>
    [Fact]
    public void The_bytes_of_each_message_are_the_golden_ones()
    {
        var lines = WireSamples.All.Select(sample =>
            $"{WireCodec.ManifestOf(sample.Message)} {sample.Name} {Convert.ToHexStringLower(WireCodec.Encode(sample.Message))}").ToList();
        var file = GoldenFile();
        if (Environment.GetEnvironmentVariable("KV_REWRITE") == "1")
            File.WriteAllLines(file, lines);
        Assert.Equal(File.ReadAllLines(file), lines);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_that_is_cut_short_anywhere_is_refused(string name)
    {
        var message = Sample(name);
        var bytes = WireCodec.Encode(message);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<WireFormatException>(() => WireCodec.Decode(WireCodec.ManifestOf(message), bytes.AsMemory(0, length)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_with_something_left_over_is_refused(string name)
    {
        var message = Sample(name);
        byte[] longer = [.. WireCodec.Encode(message), 0];
        Assert.Throws<WireFormatException>(() => WireCodec.Decode(WireCodec.ManifestOf(message), longer));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Damaged_bytes_are_either_refused_or_another_message_and_nothing_worse(string name)
    {
        var message = Sample(name);
        var bytes = WireCodec.Encode(message);
        var random = new Random(name.Length * 31 + bytes.Length);
        for (var round = 0; round < 300; round++)
        {
            var damaged = (byte[])bytes.Clone();
            for (var flips = random.Next(1, 4); flips > 0 && damaged.Length > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            DecodeOrRefuse(WireCodec.ManifestOf(message), damaged);
        }
    }

    [Fact]
    public void Random_bytes_are_refused_under_any_number()
    {
        var random = new Random(1);
        for (var number = 0; number < 256; number++)
        {
            for (var round = 0; round < 50; round++)
            {
                var bytes = new byte[random.Next(64)];
                random.NextBytes(bytes);
                DecodeOrRefuse($"{number}", bytes);
            }
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("255")]
    [InlineData("256")]
    [InlineData("-1")]
    [InlineData("store")]
    [InlineData("")]
    public void An_unknown_number_is_refused(string manifest) =>
        Assert.Throws<WireFormatException>(() => WireCodec.Decode(manifest, ReadOnlyMemory<byte>.Empty));

    [Fact]
    public void A_length_beyond_the_message_allocates_nothing_and_is_refused()
    {
        byte[] hugeList = [.. new byte[16], 1, 1, 5, 0xFF, 0xFF, 0x03];
        Assert.Throws<WireFormatException>(() => WireCodec.Decode("22", hugeList));
    }

    [Fact]
    public void A_first_hint_that_is_larger_than_all_of_them_together_is_refused()
    {
        var asked = new NodeProtocol.AskHintRoom(new NodeId(1, 1), Hints: 2, Bytes: 100, First: 101);
        Assert.Throws<WireFormatException>(() => WireCodec.Decode(WireCodec.ManifestOf(asked), WireCodec.Encode(asked)));
    }

    [Fact]
    public void A_put_of_a_kilobyte_makes_no_garbage_beyond_its_payload()
    {
        var put = WireSamples.Kilobyte();
        var bytes = WireCodec.Encode(put);
        WireCodec.Decode(7, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        bytes = WireCodec.Encode(put);
        var encoded = GC.GetAllocatedBytesForCurrentThread() - before;
        WireCodec.Decode(7, bytes);
        var decoded = GC.GetAllocatedBytesForCurrentThread() - before - encoded;
        Assert.True(encoded <= bytes.Length + 64, $"encoding made {encoded} bytes for {bytes.Length}");
        Assert.True(decoded <= 256, $"decoding made {decoded} bytes, the message itself included");
    }

    [Fact]
    public void A_ring_has_the_same_bytes_in_the_journal_as_on_the_wire()
    {
        var ring = WireSamples.Changing();
        Assert.True(ring.IsSameAs(WireCodec.DecodeRing(WireCodec.EncodeRing(ring))));
    }

    private static void DecodeOrRefuse(string manifest, byte[] bytes)
    {
        try
        {
            WireCodec.Encode(WireCodec.Decode(manifest, bytes));
        }
        catch (WireFormatException)
        {
            // Refused, as it should be: any other exception fails the test.
        }
    }

    private static IWireMessage Sample(string name) => WireSamples.All.Single(sample => sample.Name == name).Message;

    private static string GoldenFile([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Golden", "messages.txt");
}
