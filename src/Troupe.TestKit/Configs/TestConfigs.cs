using Akka.Configuration;

namespace Akka.TestKit.Configs;

/// <summary>The configurations that test kits build their systems from.</summary>
public static class TestConfigs
{
    /// <summary>
    /// The settings of the kit, with the logger that event filters work through. It runs on the thread that logs: from the start it
    /// sees every event, and an event has been seen when the call that logged it returns.
    /// </summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString(
            """
            akka {
              loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"]
              loggers-dispatcher = "akka.test.calling-thread-dispatcher"
            }
            """)
        .WithFallback(ConfigurationFactory.FromResource("testkit.conf", typeof(TestConfigs).Assembly));

    /// <summary>A scheduler whose time only the test moves: <see cref="TestScheduler"/>.</summary>
    public static Config TestSchedulerConfig { get; } = ConfigurationFactory.ParseString(
        """akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """);
}
