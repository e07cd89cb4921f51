using FsCheck;
using FsCheck.Fluent;
using KvStore.Storage.Format;
using KvStore.Storage.Memory;

namespace KvStore.Storage.Tests.Memory;

public class RangeTombstoneSetProperties
{
    [Fact]
    public void What_covers_a_key_is_what_a_look_at_every_tombstone_finds() =>
        Prop.ForAll(Tombstones(), tombstones =>
        {
            RangeTombstoneSet set = RangeTombstoneSet.Of(tombstones);
            return Enumerable.Range(0, 20).All(key => Enumerable.Range(0, 12).All(snapshot =>
            {
                byte[] userKey = [(byte)key];
                ulong expected = tombstones
                    .Where(t => t.Sequence.Value <= (ulong)snapshot && t.Begin[0] <= key && key < t.End[0])
                    .Select(t => t.Sequence.Value)
                    .DefaultIfEmpty(0UL)
                    .Max();
                return set.Covering(userKey, new SequenceNumber((ulong)snapshot)).Value == expected;
            }));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fragments_are_disjoint_and_in_order() =>
        Prop.ForAll(Tombstones(), tombstones =>
        {
            IReadOnlyList<RangeTombstoneSet.Fragment> fragments = RangeTombstoneSet.Of(tombstones).Fragments;
            return fragments.All(f => f.Begin[0] < f.End[0] && f.Sequences.Length > 0)
                && fragments.Zip(fragments.Skip(1)).All(pair => pair.First.End[0] <= pair.Second.Begin[0]);
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<RangeTombstone[]> Tombstones() =>
        (from begin in Gen.Choose(0, 17)
         from length in Gen.Choose(1, 6)
         from sequence in Gen.Choose(1, 10)
         select new RangeTombstone([(byte)begin], [(byte)(begin + length)], new SequenceNumber((ulong)sequence)))
        .ArrayOf()
        .ToArbitrary();
}
