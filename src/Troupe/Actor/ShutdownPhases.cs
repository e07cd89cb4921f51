using Akka.Configuration;

namespace Akka.Actor;

/// <summary>One phase of a coordinated shutdown, as the settings describe it.</summary>
internal sealed record ShutdownPhase(string Name, TimeSpan Timeout, bool Recover, bool Enabled, string[] DependsOn);

/// <summary>
/// The phases in an order in which each comes after those it depends on; phases without an order between them stand in that of their
/// names, so that every run is alike.
/// </summary>
internal sealed class ShutdownPhases
{
    private readonly Dictionary<string, ShutdownPhase> _byName = new(StringComparer.Ordinal);
    private readonly List<ShutdownPhase> _ordered = [];

    public ShutdownPhases(Config config)
    {
        var defaultTimeout = config.GetTimeSpan("default-phase-timeout");
        var phases = config.GetConfig("phases") ?? Config.Empty;
        foreach (var (name, _) in phases.AsEnumerable())
        {
            var phase = phases.GetConfig('"' + name + '"') ?? Config.Empty;
            _byName.Add(name, new ShutdownPhase(
                name,
                phase.GetTimeSpan("timeout", defaultTimeout),
                phase.GetBoolean("recover", true),
                phase.GetBoolean("enabled", true),
                [.. phase.GetStringList("depends-on", [])]));
        }
        var state = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var name in _byName.Keys.Order(StringComparer.Ordinal))
        {
            Place(name, state);
        }
    }

    public TimeSpan TotalTimeout => _ordered.Aggregate(TimeSpan.Zero, (sum, phase) => sum + (phase.Enabled ? phase.Timeout : TimeSpan.Zero));

    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public ShutdownPhase Find(string name) =>
        _byName.TryGetValue(name, out var phase)
            ? phase
            : throw new ConfigurationException(
                $"There is no shutdown phase [{name}]; there are [{string.Join(", ", _ordered.Select(p => p.Name))}]. "
                + "Add it to akka.coordinated-shutdown.phases.");

    /// <summary>The phases from this one on, in order; null: all.</summary>
    public IReadOnlyList<ShutdownPhase> From(string? name) =>
        name is null ? _ordered : _ordered.GetRange(_ordered.IndexOf(Find(name)), _ordered.Count - _ordered.IndexOf(Find(name)));

    /// <summary>
    /// Depth first: what it depends on, then the phase. False in the state: under way, so that meeting it again is a circle.
    /// </summary>
    private void Place(string name, Dictionary<string, bool> state)
    {
        if (state.TryGetValue(name, out var placed))
        {
            if (!placed)
            {
                throw new ConfigurationException($"akka.coordinated-shutdown.phases: [{name}] depends on itself, by way of others.");
            }
            return;
        }
        state[name] = false;
        if (!_byName.TryGetValue(name, out var phase))
        {
            throw new ConfigurationException($"akka.coordinated-shutdown.phases: a phase depends on [{name}], which does not exist.");
        }
        foreach (var before in phase.DependsOn)
        {
            Place(before, state);
        }
        state[name] = true;
        _ordered.Add(phase);
    }
}
