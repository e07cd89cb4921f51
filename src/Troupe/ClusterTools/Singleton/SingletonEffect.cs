namespace Akka.Cluster.Tools.Singleton;

/// <summary>What a <see cref="SingletonHandOver"/> wants done.</summary>
internal abstract record SingletonEffect
{
    public sealed record StartSingleton : SingletonEffect
    {
        public static readonly StartSingleton Instance = new();
    }

    /// <summary>Ask it to end; its end is told by <see cref="SingletonHandOver.OnSingletonTerminated"/>.</summary>
    public sealed record EndSingleton : SingletonEffect
    {
        public static readonly EndSingleton Instance = new();
    }

    public sealed record Send(SingletonMessage Message) : SingletonEffect;

    /// <summary>Call <see cref="SingletonHandOver.OnRetry"/> again and again, or no more.</summary>
    public sealed record Retry(bool On) : SingletonEffect
    {
        public static readonly Retry Start = new(true);
        public static readonly Retry Stop = new(false);
    }

    /// <summary>Call <see cref="SingletonHandOver.OnMarginPassed"/> after the removal margin.</summary>
    public sealed record AwaitMargin(UniqueAddress Removed) : SingletonEffect;

    /// <summary>So many asks have gone without an answer.</summary>
    public sealed record Warn(string Text) : SingletonEffect;

    /// <summary>This node is no member any more and runs nothing: the manager's work is done.</summary>
    public sealed record Finish : SingletonEffect
    {
        public static readonly Finish Instance = new();
    }
}
