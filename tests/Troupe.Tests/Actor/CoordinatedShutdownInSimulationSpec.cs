using Akka;
using Akka.Actor;
using Akka.Configuration;
using Troupe.Simulation;

namespace Troupe.Tests.Actor;

public sealed class CoordinatedShutdownInSimulationSpec
{
    [Fact]
    public void A_run_takes_virtual_time_alone_and_ends_the_system()
    {
        using var world = new World(1);
        var system = world.AddNode("n").Start("sys", Config.Empty);
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "late", () => new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "slow", async () =>
        {
            await world.Delay(TimeSpan.FromSeconds(2));
            return Done.Instance;
        });

        world.Run(() => system.Terminate());

        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
        Assert.InRange(world.Now, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8));
        world.ThrowIfFailed();
    }
}
