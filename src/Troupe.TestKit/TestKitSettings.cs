using System.Globalization;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>The settings under <c>akka.test</c> (testkit.conf has the defaults).</summary>
public class TestKitSettings : IExtension
{
    public TestKitSettings(Config config)
    {
        DefaultTimeout = config.GetTimeSpan("akka.test.default-timeout", null, allowInfinite: false);
        SingleExpectDefault = config.GetTimeSpan("akka.test.single-expect-default", null, allowInfinite: false);
        TestEventFilterLeeway = config.GetTimeSpan("akka.test.filter-leeway", null, allowInfinite: false);
        TestTimeFactor = config.GetDouble("akka.test.timefactor", 0);
        LogTestKitCalls = config.GetBoolean("akka.test.testkit.debug", false);

        if (TestTimeFactor <= 0)
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture,
                $"akka.test.timefactor is {TestTimeFactor}, but it must be greater than 0: it multiplies every duration of a test."));
        }
    }

    /// <summary>How long latches, barriers and waits for a system's end take by default.</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>How long one ExpectMsg waits when the test does not say.</summary>
    public TimeSpan SingleExpectDefault { get; }

    /// <summary>How long an event filter waits for the log events it expects, after its block has run.</summary>
    public TimeSpan TestEventFilterLeeway { get; }

    /// <summary>Durations given by a test are multiplied by this (slow machines set it above 1).</summary>
    public double TestTimeFactor { get; }

    /// <summary>Whether waits for conditions log how often they looked and how long it took.</summary>
    public bool LogTestKitCalls { get; }
}
