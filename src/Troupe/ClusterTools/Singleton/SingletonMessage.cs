namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// What the managers of one singleton say to each other. Each message names both incarnations: an address alone may by now be that of
/// a successor, which knows nothing of what its predecessor ran.
/// </summary>
internal abstract record SingletonMessage(UniqueAddress From, UniqueAddress To)
{
    /// <summary>You are leaving, and I am next: stop it, and tell me when it has stopped.</summary>
    public sealed record HandOverToMe(UniqueAddress From, UniqueAddress To) : SingletonMessage(From, To);

    /// <summary>It has been asked to end.</summary>
    public sealed record HandOverInProgress(UniqueAddress From, UniqueAddress To) : SingletonMessage(From, To);

    /// <summary>I run nothing, and never shall again.</summary>
    public sealed record HandOverDone(UniqueAddress From, UniqueAddress To) : SingletonMessage(From, To);

    /// <summary>I am leaving and you are next: ask me to hand over.</summary>
    public sealed record TakeOverFromMe(UniqueAddress From, UniqueAddress To) : SingletonMessage(From, To);
}
