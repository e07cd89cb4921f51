using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Replication;

namespace KvStore.Data.Tests;

public sealed class RecordsSpec
{
    private static readonly Incarnation Tenure = Incarnation.Of(new NodeId(1, 2), 3, 4);

    public static TheoryData<ReplicaMeta> Metas => new()
    {
        ReplicaMeta.New,
        ReplicaMeta.ToBeFilled,
        ReplicaMeta.StandIn,
        ReplicaMeta.ToBeFilled with { MustCompare = true },
        new ReplicaMeta(
            ReplicaRole.Primary, Tenure, 65_536, VersionVector.Of(new Dot(Tenure, 9)), VersionVector.Of(new Dot(Tenure, 12)),
            new RingEpoch(2, 300), IsWhole: true),
    };

    [Theory]
    [MemberData(nameof(Metas))]
    public void A_replicas_meta_is_read_as_it_was_written_and_not_when_it_is_cut(ReplicaMeta meta)
    {
        var bytes = ReplicaMetaCodec.Write(meta);
        Assert.True(ReplicaMetaCodec.TryRead(bytes, out var read));
        Assert.Equal(meta, read);
        for (var length = 0; length < bytes.Length; length++) Assert.False(ReplicaMetaCodec.TryRead(bytes.AsSpan(0, length), out _));
        Assert.False(ReplicaMetaCodec.TryRead([.. bytes, 0], out _));
    }

    [Fact]
    public void Hints_peers_and_identities_are_read_as_they_were_written()
    {
        var hint = new HintRecord(1_700_000_000_000, 1_048_576, Counts: true);
        Assert.True(HintRecord.TryRead(hint.ToBytes(), out var readHint));
        Assert.Equal(hint, readHint);
        var start = new PeerStartRecord(0x0123_4567_89AB_CDEF, 17, 0xFEDC_BA98_7654_3210);
        Assert.True(PeerStartRecord.TryRead(start.ToBytes(), out var readStart));
        Assert.Equal(start, readStart);
        var identity = new IdentityRecord(new NodeId(1, 2), new ClusterId(3, 4), 0xFEDC_BA98_7654_3210);
        Assert.True(IdentityRecord.TryRead(identity.ToBytes(), out var readIdentity));
        Assert.Equal(identity, readIdentity);
    }

    [Fact]
    public void What_is_no_record_is_not_read_as_one()
    {
        Assert.False(HintRecord.TryRead([9, 0, 1, 1], out _));
        Assert.False(HintRecord.TryRead([], out _));
        Assert.False(PeerStartRecord.TryRead([1], out _));
        Assert.False(IdentityRecord.TryRead(new byte[33], out _));
        Assert.False(IdentityRecord.TryRead([1], out _));
    }
}
