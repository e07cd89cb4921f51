using Akka.Actor;

namespace ActorRuntime.Specs.Hosting;

public sealed class ExtensionSpec() : Spec(
    """akka.extensions = ["ActorRuntime.Specs.Hosting.ExtensionSpec+LoadedProvider, ActorRuntime.Specs"]""")
{
    [Fact]
    public void An_extension_is_created_once_for_a_system()
    {
        var id = new CountingProvider();

        var all = Enumerable.Range(0, 100).AsParallel().Select(_ => id.Apply(Sys)).Distinct().ToList();

        Assert.Single(all);
        Assert.Equal(1, id.Created);
    }

    [Fact]
    public void An_extension_is_found_again_by_its_type()
    {
        var id = new CountingProvider();
        Assert.False(Sys.HasExtension<Counting>());

        var extension = Sys.RegisterExtension(id);

        Assert.True(Sys.HasExtension<Counting>());
        Assert.Same(extension, Sys.GetExtension<Counting>());
        Assert.Same(extension, Sys.WithExtension<Counting, CountingProvider>());
    }

    [Fact]
    public void An_extension_named_in_the_settings_is_loaded_at_start() => Assert.True(Sys.HasExtension<Loaded>());

    private sealed class Counting : IExtension;

    private sealed class CountingProvider : ExtensionIdProvider<Counting>
    {
        private int _created;

        public int Created => _created;

        public override Counting CreateExtension(ExtendedActorSystem system)
        {
            Interlocked.Increment(ref _created);
            return new Counting();
        }
    }

    public sealed class Loaded : IExtension;

    public sealed class LoadedProvider : ExtensionIdProvider<Loaded>
    {
        public override Loaded CreateExtension(ExtendedActorSystem system) => new();
    }
}
