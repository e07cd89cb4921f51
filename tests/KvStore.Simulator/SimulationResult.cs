using KvStore.Simulator.Histories;
using Troupe.Simulation;

namespace KvStore.Simulator;

/// <summary>What a run came to. Two runs with the same options have the same <paramref name="TraceHash"/>, in any process.</summary>
public sealed record SimulationResult(
    SimulationOptions Options, History History, IReadOnlyList<string> Violations, TimeSpan VirtualTime, long Steps, ulong TraceHash);
