using Akka.Actor;
using Akka.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace Troupe.Tests.Actor;

public sealed class ShutdownPhasesSpec
{
    [Fact]
    public void Each_phase_comes_after_all_that_it_depends_on() =>
        // Phase i depends on some phases below i, so that there is no circle; the names are shuffled.
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<int>(), (edges, seed) =>
        {
            var count = Math.Min(edges.Length, 20);
            var names = Enumerable.Range(0, count).Select(i => $"phase-{(i * 7919 + (uint)seed) % 100003}-{i}").ToArray();
            var phases = Enumerable.Range(0, count).Select(i =>
                (Name: names[i], DependsOn: Enumerable.Range(0, i).Where(j => (edges[i] >> (j % 8) & 1) == 1).Select(j => names[j]).ToArray()))
                .ToList();

            var ordered = Phases(phases).From(null).Select(p => p.Name).ToList();

            return ordered.Count == count
                && phases.All(p => p.DependsOn.All(d => ordered.IndexOf(d) < ordered.IndexOf(p.Name)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_circle_is_an_error()
    {
        var error = Assert.Throws<ConfigurationException>(() => Phases([("a", ["b"]), ("b", ["c"]), ("c", ["a"])]));

        Assert.Contains("depends on itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dependency_that_does_not_exist_is_an_error()
    {
        var error = Assert.Throws<ConfigurationException>(() => Phases([("a", ["missing"])]));

        Assert.Contains("[missing]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_total_time_is_that_of_all_enabled_phases()
    {
        var phases = new ShutdownPhases(ConfigurationFactory.ParseString(
            "default-phase-timeout = 5s, phases { a { timeout = 1s }, b {}, c { timeout = 100s, enabled = off } }"));

        Assert.Equal(TimeSpan.FromSeconds(6), phases.TotalTimeout);
    }

    [Fact]
    public void A_run_can_begin_anywhere()
    {
        var phases = Phases([("a", []), ("b", ["a"]), ("c", ["b"])]);

        Assert.Equal(["b", "c"], phases.From("b").Select(p => p.Name));
        Assert.Throws<ConfigurationException>(() => phases.From("missing"));
    }

    private static ShutdownPhases Phases(IEnumerable<(string Name, string[] DependsOn)> phases) => new(ConfigurationFactory.ParseString(
        $"default-phase-timeout = 5s\nphases {{\n{string.Join('\n', phases.Select(p => $"{p.Name}.depends-on = [{string.Join(", ", p.DependsOn)}]"))}\n}}"));
}
