using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Tests.AntiEntropy;

namespace KvStore.Wire.Tests;

/// <summary>Exchanges whose every message goes through the codec: what one side writes the other can read, however the two differ.</summary>
public sealed class ExchangeOnWireSpec
{
    /// <summary>More than a list on the wire may have.</summary>
    private const int Many = WireLimits.MaxList + 5_000;

    private static readonly Incarnation Writer = Incarnation.Of(new NodeId(1, 1), 1, 1);

    [Theory]
    [InlineData(Many, 0)]
    [InlineData(0, Many)]
    [InlineData(Many, Many)]
    public void What_a_side_of_an_exchange_writes_the_other_reads(int atInitiator, int atResponder)
    {
        var run = new ExchangePairRun { Carry = OverTheWire };
        run.Rebuild(1);
        for (var i = 0; i < atInitiator; i++)
            run.PutInitiator(ExchangePairRun.KeyOf(2 * i), State(i));
        for (var i = 0; i < atResponder; i++)
            run.PutResponder(ExchangePairRun.KeyOf(2 * i + 1), State(i));
        run.Run();
        Assert.Equal(ExchangeEnd.Complete, run.Ended!.Outcome);
        Assert.True(run.AreEqual);
        Assert.Equal(atInitiator + atResponder, run.KeysAtInitiator);
    }

    [Fact]
    public void A_range_of_keys_that_ends_before_it_begins_is_refused()
    {
        var range = new KeyRange(ExchangePairRun.KeyOf(2), ExchangePairRun.KeyOf(2));
        Assert.Throws<WireFormatException>(() => OverTheWire(new ExchangeMessage.GetKeys(1, [0], range, 10, [])));
    }

    private static SiblingSet State(int number) =>
        SiblingSet.Empty.Update(VersionVector.Empty, Sibling.OfValue(new Dot(Writer, (ulong)number + 1), new byte[] { 1 }));

    private static ExchangeMessage OverTheWire(ExchangeMessage message)
    {
        var step = new ReplicaProtocol.ExchangeStep(new NodeId(1, 1), new PartitionId(1), 1, message);
        var bytes = WireCodec.Encode(step);
        Assert.InRange(bytes.Length, 1, WireLimits.MaxMessage);
        return ((ReplicaProtocol.ExchangeStep)WireCodec.Decode(WireCodec.ManifestOf(step), bytes)).Step;
    }
}
