namespace Troupe.Platform;

/// <summary>Sees each message that an actor is about to handle: how a simulation tells one run from another. None in production.</summary>
internal interface IMessageObserver
{
    /// <param name="actor">The actor's path without its address.</param>
    void Handling(string actor, object message);
}
