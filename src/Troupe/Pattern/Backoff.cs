using Akka.Actor;

namespace Akka.Pattern;

/// <summary>
/// Options of a supervisor that starts its child again after a pause, which doubles each time from
/// <c>minBackoff</c> to <c>maxBackoff</c>, plus a random part of up to <c>randomFactor</c> of it.
/// </summary>
public static class Backoff
{
    /// <summary>Pauses when the child has failed; when it stops by itself, so does the supervisor.</summary>
    /// <param name="childProps">How the child is made, each time.</param>
    /// <param name="childName">Its name below the supervisor.</param>
    /// <param name="minBackoff">The first pause.</param>
    /// <param name="maxBackoff">The longest pause.</param>
    /// <param name="randomFactor">0.2 makes a pause up to 20 % longer.</param>
    /// <param name="maxNrOfRetries">How often it is started again before the supervisor stops; -1: without limit.</param>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, int maxNrOfRetries) =>
        new BackoffOptionsImpl(BackoffKind.Failure, childProps, childName, minBackoff, maxBackoff, randomFactor)
            .WithMaxNrOfRetries(maxNrOfRetries);

    /// <summary>Pauses when the child has stopped, for whatever reason; its failures are the supervisor strategy's business.</summary>
    /// <param name="childProps">How the child is made, each time.</param>
    /// <param name="childName">Its name below the supervisor.</param>
    /// <param name="minBackoff">The first pause.</param>
    /// <param name="maxBackoff">The longest pause.</param>
    /// <param name="randomFactor">0.2 makes a pause up to 20 % longer.</param>
    /// <param name="maxNrOfRetries">How often it is started again before the supervisor stops; -1: without limit.</param>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, int maxNrOfRetries) =>
        new BackoffOptionsImpl(BackoffKind.Stop, childProps, childName, minBackoff, maxBackoff, randomFactor)
            .WithMaxNrOfRetries(maxNrOfRetries);
}
