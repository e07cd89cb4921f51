using Akka.Configuration;
using Troupe.Platform;

namespace Troupe.Tests.Remote;

/// <summary>Real seams behind another network; a spec ends the real ones.</summary>
internal sealed class SeamsBehind(RealSeams real, INetwork network) : Seams
{
    public override IClock Clock => real.Clock;

    public override IEntropy Entropy => real.Entropy;

    public override ITimers Timers => real.Timers;

    public override INetwork Network => network;

    public override IExecutor CreateExecutor(string dispatcherId, Config dispatcherConfig) =>
        real.CreateExecutor(dispatcherId, dispatcherConfig);

    public override void Shutdown()
    {
        // The spec ends the real ones.
    }
}
