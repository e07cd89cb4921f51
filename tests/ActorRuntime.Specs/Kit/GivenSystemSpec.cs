using Akka.Actor;
using Akka.Configuration;

namespace ActorRuntime.Specs.Kit;

public sealed class GivenSystemSpec
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_system_that_was_made_without_the_kit_can_be_tested_with_it()
    {
        var system = ActorSystem.Create("plain", ConfigurationFactory.ParseString("akka.loglevel = WARNING"));
        using var kit = new Akka.TestKit.Xunit2.TestKit(system);

        var echo = system.ActorOf(Akka.TestKit.TestActors.SimpleEchoActor.Props());
        var probe = kit.CreateTestProbe();
        probe.Send(echo, "hello");
        probe.ExpectMsg("hello", Soon);
        echo.Tell("from the kit", kit.TestActor);
        kit.ExpectMsg("from the kit", Soon);

        await system.Terminate().WaitAsync(Soon);
    }

    [Fact]
    public void Settings_given_as_text_come_before_the_kits_own()
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit("akka.test.single-expect-default = 1234ms\nmine = yes-it-is");

        Assert.Equal(TimeSpan.FromMilliseconds(1234), kit.TestKitSettings.SingleExpectDefault);
        Assert.Equal("yes-it-is", kit.Sys.Settings.Config.GetString("mine"));
        Assert.Equal(TimeSpan.FromSeconds(3), kit.TestKitSettings.TestEventFilterLeeway);
    }

    [Fact]
    public void The_kit_ends_its_system()
    {
        var kit = new Akka.TestKit.Xunit2.TestKit(ConfigurationFactory.Empty, "ending");

        kit.Dispose();

        Assert.True(kit.Sys.WhenTerminated.IsCompleted);
    }

    [Fact]
    public void Durations_are_multiplied_by_the_time_factor()
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit("akka.test.timefactor = 2.5");

        Assert.Equal(TimeSpan.FromSeconds(5), kit.Dilated(TimeSpan.FromSeconds(2)));
    }
}
