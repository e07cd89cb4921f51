using Troupe.Platform;

namespace Akka.Routing;

/// <summary>Any of them, each as likely as the others.</summary>
public sealed class RandomLogic : RoutingLogic
{
    private readonly IEntropy _entropy;

    internal RandomLogic(IEntropy entropy) => _entropy = entropy;

    public override Routee Select(object message, Routee[] routees) =>
        routees.Length == 0 ? Routee.NoRoutee : routees[_entropy.Next(routees.Length)];
}
