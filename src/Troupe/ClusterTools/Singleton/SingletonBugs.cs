namespace Akka.Cluster.Tools.Singleton;

/// <summary>Defects of the hand-over that tests switch on, to see that they would be found.</summary>
[Flags]
internal enum SingletonBugs
{
    None = 0,

    /// <summary>The next oldest starts as soon as the last one leaves, and does not wait for its word.</summary>
    StartsWithoutHandOver = 1,

    /// <summary>The last one says that it has handed over when it has only asked its singleton to end.</summary>
    SaysDoneTooEarly = 2,
}
