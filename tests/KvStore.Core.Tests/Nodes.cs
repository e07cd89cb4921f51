using System.Collections.Immutable;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests;

/// <summary>Short names for what most specs need: nodes A to E, dots, states and preference lists of them.</summary>
internal static class Nodes
{
    public static readonly NodeId A = new(1, 1);
    public static readonly NodeId B = new(1, 2);
    public static readonly NodeId C = new(1, 3);
    public static readonly NodeId D = new(1, 4);
    public static readonly NodeId E = new(1, 5);

    public static readonly PartitionId Partition = new(7);

    public static readonly BucketKey SomeKey = new(BucketName.Default, Key.Of("k"));

    public static Incarnation FirstOf(NodeId node) => Incarnation.Of(node, 1, 1);

    public static Dot Dot(NodeId node, ulong counter) => new(FirstOf(node), counter);

    public static Sibling Value(NodeId node, ulong counter) =>
        Sibling.OfValue(Dot(node, counter), new byte[] { (byte)node.Low, (byte)counter });

    /// <summary>A state with one value, which knows nothing but its own dot.</summary>
    public static SiblingSet Single(NodeId node, ulong counter) => SiblingSet.Empty.Update(VersionVector.Empty, Value(node, counter));

    /// <summary>Primaries A, B, C and fallbacks D, E at epoch 1.<paramref name="epoch"/>.</summary>
    public static PreferenceList Settled(ulong epoch = 1) =>
        new(new RingEpoch(1, epoch), Partition, 3, MovePhase.None, [A, B, C, D, E], [A, B, C, D, E]);

    /// <summary>From A, B, C to A, B, D; E is a fallback.</summary>
    public static PreferenceList Moving(ulong epoch, MovePhase phase) =>
        new(new RingEpoch(1, epoch), Partition, 3, phase, [A, B, C, D, E], [A, B, D, C, E]);

    public static bool AllReachable(NodeId node) => !node.IsNone;

    public static Func<NodeId, bool> Without(params NodeId[] unreachable) => node => !unreachable.ToImmutableHashSet().Contains(node);
}
