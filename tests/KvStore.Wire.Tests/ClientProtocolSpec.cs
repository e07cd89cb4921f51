using KvStore.Core.Identity;

namespace KvStore.Wire.Tests;

public sealed class ClientProtocolSpec
{
    private static readonly BucketKey Fruit = new(BucketName.Default, Key.Of("fruit"));

    [Fact]
    public void A_delete_stays_a_delete_on_the_wire() =>
        Assert.Null(RoundTrip(new ClientProtocol.Put(new RequestId(1, 2), Fruit, Value: null, TimeSpan.FromSeconds(1))).Value);

    [Fact]
    public void An_empty_value_stays_a_value_on_the_wire() =>
        Assert.Equal(0, RoundTrip(new ClientProtocol.Put(new RequestId(1, 2), Fruit, Array.Empty<byte>(), TimeSpan.FromSeconds(1))).Value?.Length);

    private static T RoundTrip<T>(T message) where T : IWireMessage =>
        Assert.IsType<T>(WireCodec.Decode(WireCodec.ManifestOf(message), WireCodec.Encode(message)));
}
