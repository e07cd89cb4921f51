namespace Akka.Actor;

/// <summary>Which provider of actor references an ActorSystem uses; the same choice as `akka.actor.provider`.</summary>
public abstract class ProviderSelection
{
    private ProviderSelection(string fqn) => Fqn = fqn;

    internal string Fqn { get; }

    public sealed class Local : ProviderSelection
    {
        public static readonly Local Instance = new();

        private Local() : base("local")
        {
        }
    }

    public sealed class Remote : ProviderSelection
    {
        public static readonly Remote Instance = new();

        private Remote() : base("remote")
        {
        }
    }

    public sealed class Cluster : ProviderSelection
    {
        public static readonly Cluster Instance = new();

        private Cluster() : base("cluster")
        {
        }
    }

    public sealed class Custom : ProviderSelection
    {
        public Custom(string fqn, string? identifier = null, bool hasCluster = false) : base(fqn)
        {
            Identifier = identifier ?? fqn;
            HasCluster = hasCluster;
        }

        internal string Identifier { get; }

        internal bool HasCluster { get; }
    }
}
