using KvStore.Client.Sessions;
using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Client.Tests;

/// <summary>What a session remembers, and what it asks of an answer.</summary>
public sealed class SessionMemorySpec
{
    private static readonly Incarnation A = Incarnation.Of(Rings.Node(1), 1, 1), B = Incarnation.Of(Rings.Node(2), 1, 1);

    [Fact]
    public void An_answer_has_to_cover_all_that_was_read_and_written()
    {
        var memory = new SessionMemory(10);
        memory.OnRead(Rings.SomeKey, VersionVector.Of(new Dot(A, 2)));
        memory.OnWritten(Rings.SomeKey, new Dot(B, 1));

        Assert.False(memory.IsMetBy(Rings.SomeKey, VersionVector.Empty));
        Assert.False(memory.IsMetBy(Rings.SomeKey, VersionVector.Of(new Dot(A, 3))));
        Assert.True(memory.IsMetBy(Rings.SomeKey, VersionVector.Of(new Dot(A, 2)).With(new Dot(B, 1))));
    }

    [Fact]
    public void A_key_that_it_knows_nothing_of_is_met_by_anything()
    {
        var memory = new SessionMemory(10);
        memory.OnRead(Rings.SomeKey, VersionVector.Empty);

        Assert.True(memory.IsMetBy(Rings.SomeKey, VersionVector.Empty));
        Assert.Equal(0, memory.Count);
    }

    [Fact]
    public void Beyond_its_size_it_forgets_the_keys_used_longest_ago()
    {
        var memory = new SessionMemory(2);
        BucketKey[] keys = [Named("a"), Named("b"), Named("c")];
        memory.OnWritten(keys[0], new Dot(A, 1));
        memory.OnWritten(keys[1], new Dot(A, 1));
        memory.OnWritten(keys[0], new Dot(A, 2));

        memory.OnWritten(keys[2], new Dot(A, 1));

        Assert.Equal(2, memory.Count);
        Assert.False(memory.IsMetBy(keys[0], VersionVector.Empty));
        Assert.True(memory.IsMetBy(keys[1], VersionVector.Empty));
        Assert.False(memory.IsMetBy(keys[2], VersionVector.Empty));
    }

    [Fact]
    public void What_is_forgotten_is_asked_for_no_more()
    {
        var memory = new SessionMemory(2);
        memory.OnWritten(Rings.SomeKey, new Dot(A, 1));

        memory.Forget(Rings.SomeKey);

        Assert.True(memory.IsMetBy(Rings.SomeKey, VersionVector.Empty));
    }

    private static BucketKey Named(string key) => new(BucketName.Default, Key.Of(key));
}
