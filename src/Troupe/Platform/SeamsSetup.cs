using Akka.Actor.Setup;

namespace Troupe.Platform;

/// <summary>Hands an ActorSystem its <see cref="Platform.Seams"/>; without it the system makes <c>RealSeams</c> of its own.</summary>
public sealed class SeamsSetup(Seams seams) : Setup
{
    public Seams Seams { get; } = seams;
}
