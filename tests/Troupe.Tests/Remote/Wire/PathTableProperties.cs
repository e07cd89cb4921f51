using Akka.Actor;
using Akka.Remote.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace Troupe.Tests.Remote.Wire;

public sealed class PathTableProperties
{
    private static readonly Address Here = new("akka.tcp", "here", "10.0.0.1", 4053);
    private static readonly Address There = new("akka.tcp", "there", "10.0.0.2", 4054);
    private static readonly Address Elsewhere = new("akka.tcp", "elsewhere", "10.0.0.3", 4055);

    [Fact]
    public void Any_sequence_of_paths_comes_out_as_it_went_in() =>
        Prop.ForAll(Gen.Choose(0, 5000).ListOf().ToArbitrary(), picks => SurvivesTheTrip([.. picks.Select(Pick)]))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void More_paths_than_the_table_holds_still_come_out_right()
    {
        var pool = Enumerable.Range(0, 3 * PathTable.Capacity).Select(Pick).ToArray();
        Assert.True(SurvivesTheTrip([.. pool, .. pool, .. pool.Reverse(), .. pool]));
    }

    [Fact]
    public void A_path_that_comes_again_takes_two_bytes_at_most()
    {
        var table = new PathTable(Here, There);
        var buffer = new FrameBuffer();
        var path = new RootActorPath(There) / "user" / "kv" / "replicas" / "p-17";
        table.Write(buffer, path);
        table.Write(buffer, path);
        var before = buffer.Count;
        table.Write(buffer, path);
        Assert.True(buffer.Count - before <= 2);
    }

    [Fact]
    public void Short_lived_siblings_share_their_parents_text()
    {
        var table = new PathTable(Here, There);
        var buffer = new FrameBuffer();
        var parent = new RootActorPath(new Address("akka", "here")) / "user" / "coordinator";
        table.Write(buffer, new ChildActorPath(parent, "put-1", 1001));
        var before = buffer.Count;
        table.Write(buffer, new ChildActorPath(parent, "put-2", 1002));
        Assert.True(buffer.Count - before <= 2 + 1 + "put-2".Length + 2);
    }

    [Fact]
    public void A_reference_never_exceeds_its_longest_form() =>
        Prop.ForAll(Gen.Choose(0, 5000).ToArbitrary(), pick =>
        {
            var path = Pick(pick);
            var buffer = new FrameBuffer();
            new PathTable(Here, There).Write(buffer, path);
            return buffer.Count <= PathTable.LongestForm(path);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_number_that_was_never_defined_is_malformed() => Assert.Throws<MalformedFrameException>(() =>
    {
        var buffer = new FrameBuffer();
        buffer.WriteVarint(PathForm.Tag(7, PathForm.Use));
        var reader = new FrameReader(buffer.Written.Span);
        new PathEntries(There, Here).Read(ref reader);
    });

    private static readonly Dictionary<int, ActorPath?> Pool = [];

    /// <summary>The same path object for the same number, as a reference keeps its path for life.</summary>
    private static ActorPath? Pick(int number)
    {
        if (Pool.TryGetValue(number, out var known))
            return known;
        ActorPath root = new RootActorPath((number % 4) switch
        {
            0 => Here,
            1 => There,
            2 => Elsewhere,
            _ => new Address("akka", "here"),
        });
        ActorPath? path = (number % 7) switch
        {
            0 => null,
            1 => root,
            2 => root / "user" / "ä",
            3 => new ChildActorPath(root / "temp", "$" + number, 0),
            _ => new ChildActorPath(root / "user" / $"parent-{number % 13}", $"child-{number}", 1 + number * 7919),
        };
        return Pool[number] = path;
    }

    private static bool SurvivesTheTrip(ActorPath?[] paths)
    {
        var table = new PathTable(Here, There);
        var buffer = new FrameBuffer();
        foreach (var path in paths)
            table.Write(buffer, path);
        var entries = new PathEntries(self: There, peer: Here);
        var reader = new FrameReader(buffer.Written.Span);
        foreach (var path in paths)
        {
            var read = entries.Read(ref reader).Path;
            if (read?.ToSerializationFormat() != Outside(path))
                return false;
        }
        return reader.Rest.IsEmpty;
    }

    private static string? Outside(ActorPath? path) => path?.ToSerializationFormatWithAddress(Here);
}
