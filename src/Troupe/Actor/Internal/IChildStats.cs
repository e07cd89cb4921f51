namespace Akka.Actor.Internal;

/// <summary>What a supervisor keeps of one child.</summary>
public interface IChildStats;
