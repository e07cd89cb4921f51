using System.Globalization;
using System.Text;

namespace Troupe.Simulation;

/// <summary>What a simulated run is made of. With the program it decides every step; printed whole on each failure.</summary>
public sealed record SimulationOptions
{
    public ulong Seed { get; init; } = 1;

    /// <summary>The name under which the failure message speaks of this run.</summary>
    public string Scenario { get; init; } = "";

    /// <summary>The line that repeats the run; <c>{seed}</c> (as 0x...) and <c>{scenario}</c> are filled in.</summary>
    public string ReplayLine { get; init; } = "new SimulationOptions { Seed = {seed}, Scenario = \"{scenario}\" }";

    /// <summary>A queued mailbox starts up to this much later: the window from which the seed picks the next one.</summary>
    public TimeSpan DispatchWindow { get; init; } = TimeSpan.FromMicroseconds(20);

    /// <summary>Messages that a mailbox of the default dispatcher handles in one step.</summary>
    public int Throughput { get; init; } = 5;

    /// <summary>A due timer fires up to this much late.</summary>
    public TimeSpan TimerJitter { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The wall clock of each node is off by up to this much, either way.</summary>
    public TimeSpan MaxClockOffset { get; init; }

    /// <summary>The clocks and timers of each node run too fast or too slow by up to this many parts in a million.</summary>
    public int MaxClockDrift { get; init; }

    /// <summary>The lines between nodes, until a link is given its own.</summary>
    public LinkOptions Link { get; init; } = new();

    /// <summary>Bytes that are on their way in one direction of a stream before a write waits.</summary>
    public int StreamWindow { get; init; } = 1024 * 1024;

    /// <summary>Chance that bytes arrive cut at a random place.</summary>
    public double FragmentProbability { get; init; } = 0.1;

    /// <summary>Chance that an accepted connection reaches its listener late, so that a younger one overtakes it.</summary>
    public double OvertakeProbability { get; init; }

    /// <summary>Chance that the listener sees a connection which the connecting side believes to have failed.</summary>
    public double HalfOpenProbability { get; init; }

    /// <summary>Chance that the last bytes of a closed connection arrive late, after those of a younger one.</summary>
    public double LingerProbability { get; init; }

    /// <summary>How late overtaken connections and lingering bytes are, at most.</summary>
    public TimeSpan MaxLateness { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Steps after which a run counts as endless.</summary>
    public long MaxSteps { get; init; } = 100_000_000;

    /// <summary>Writes each step of the run when set.</summary>
    public TextWriter? Trace { get; init; }

    /// <summary>
    /// True when nothing else runs in this process: then a work item on the thread pool or a timer of the framework's fails the
    /// run even if it never touches the simulation.
    /// </summary>
    public bool OwnsProcess { get; init; }

    /// <summary>Options drawn from a seed: calm and rough networks, good and bad clocks.</summary>
    public static SimulationOptions Draw(ulong seed, string scenario = "")
    {
        var random = new SimulationRandom(seed).Fork("options");
        double Sometimes(double most) => random.Chance(0.5) ? 0 : random.NextDouble() * most;
        return new SimulationOptions
        {
            Seed = seed,
            Scenario = scenario,
            DispatchWindow = random.Between(TimeSpan.FromMicroseconds(1), TimeSpan.FromMicroseconds(200)),
            Throughput = 1 + random.Next(10),
            TimerJitter = random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(20)),
            MaxClockOffset = random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)),
            MaxClockDrift = random.Next(500),
            Link = new LinkOptions
            {
                MinDelay = TimeSpan.FromMicroseconds(50),
                MeanDelay = random.Between(TimeSpan.FromMicroseconds(60), TimeSpan.FromMilliseconds(20)),
            },
            FragmentProbability = random.NextDouble(),
            OvertakeProbability = Sometimes(0.2),
            HalfOpenProbability = Sometimes(0.1),
            LingerProbability = Sometimes(0.5),
        };
    }

    /// <summary>All options that shape the run, in one line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"seed=0x{Seed:x16} scenario={(Scenario.Length == 0 ? "-" : Scenario)} ");
        text.Append(CultureInfo.InvariantCulture, $"dispatch-window={Us(DispatchWindow)} throughput={Throughput} ");
        text.Append(CultureInfo.InvariantCulture, $"timer-jitter={Us(TimerJitter)} ");
        text.Append(CultureInfo.InvariantCulture, $"clock-offset={Us(MaxClockOffset)} clock-drift={MaxClockDrift}ppm ");
        text.Append(CultureInfo.InvariantCulture, $"link=({Link}) ");
        text.Append(CultureInfo.InvariantCulture, $"stream-window={StreamWindow} fragment={FragmentProbability:0.###} ");
        text.Append(CultureInfo.InvariantCulture, $"overtake={OvertakeProbability:0.###} half-open={HalfOpenProbability:0.###} ");
        text.Append(CultureInfo.InvariantCulture, $"linger={LingerProbability:0.###} max-lateness={Us(MaxLateness)} ");
        text.Append(CultureInfo.InvariantCulture, $"max-steps={MaxSteps}");
        return text.ToString();
    }

    internal string Replay => ReplayLine
        .Replace("{seed}", $"0x{Seed.ToString("x16", CultureInfo.InvariantCulture)}", StringComparison.Ordinal)
        .Replace("{scenario}", Scenario, StringComparison.Ordinal);

    internal static string Us(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0.#}us");
}
