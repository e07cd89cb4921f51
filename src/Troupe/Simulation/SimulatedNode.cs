using Akka.Actor;
using Akka.Configuration;
using Troupe.Platform;

namespace Troupe.Simulation;

/// <summary>How a crash looks to the peers.</summary>
public enum CrashKind
{
    /// <summary>The process dies and its kernel says so: streams are reset, connection attempts refused.</summary>
    Reset,

    /// <summary>The machine is gone: nothing answers, streams stall, connection attempts time out.</summary>
    Silent,
}

/// <summary>
/// One machine of a simulated world: an address, clocks of its own, and while it is up one process in which actor systems run.
/// <para>Thread rule: the simulation's thread.</para>
/// </summary>
public sealed class SimulatedNode
{
    private readonly World _world;
    private readonly double _clockRate;
    private int _lives;

    internal SimulatedNode(World world, string name, int index)
    {
        _world = world;
        Name = name;
        Index = index;
        Host = $"10.0.{(index + 1) >> 8}.{(index + 1) & 255}";
        var random = world.Fork("clock of " + name);
        ClockOffset = random.Between(-world.Options.MaxClockOffset, world.Options.MaxClockOffset);
        _clockRate = 1 + (random.NextDouble() * 2 - 1) * world.Options.MaxClockDrift / 1e6;
        Process = NewProcess();
    }

    public string Name { get; }

    /// <summary>The address that its systems listen at.</summary>
    public string Host { get; }

    /// <summary>How far its wall clock is off at the start.</summary>
    public TimeSpan ClockOffset { get; }

    public bool IsUp => !Process.IsDead;

    public bool IsPaused => Process.IsPaused;

    internal int Index { get; }

    /// <summary>1 for its first process, one more with each restart.</summary>
    internal int Life => _lives;

    internal SimulatedProcess Process { get; private set; }

    /// <summary>True when the machine itself is gone, so that nothing answers at its address.</summary>
    internal bool IsSilent { get; private set; }

    /// <summary>The seams of one actor system on this node. It dies with the node.</summary>
    public Seams CreateSeams()
    {
        if (!IsUp) throw new InvalidOperationException($"Node {Name} is down. Restart it first.");
        return new SimulatedSeams(_world, Process);
    }

    /// <summary>
    /// Starts an actor system in the node's process. Its remoting listens at <see cref="Host"/> unless the configuration says
    /// otherwise.
    /// </summary>
    public ActorSystem Start(string name, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var own = ConfigurationFactory.ParseString(
            $$"""
            akka.remote.dot-netty.tcp.hostname = "{{Host}}"
            akka.actor.default-dispatcher.throughput = {{_world.Options.Throughput}}
            """);
        var setup = BootstrapSetup.Create().WithConfig(config.WithFallback(own)).And(new SeamsSetup(CreateSeams()));
        return Run(() => ActorSystem.Create(name, setup));
    }

    /// <summary>Runs code of the node's from the scenario: what it awaits continues on the node, and dies with it.</summary>
    public T Run<T>(Func<T> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (!IsUp) throw new InvalidOperationException($"Node {Name} is down. Restart it first.");
        return _world.Enter(Process, code);
    }

    /// <summary>Everything on the node ends now: no callback of it ever runs again.</summary>
    public void Crash(CrashKind kind = CrashKind.Reset)
    {
        if (_world.IsForeign("a crash") || !IsUp) return;
        _world.Trace(StepKind.Fault, Index, kind == CrashKind.Reset ? "crash" : "silent crash");
        var dead = Process;
        dead.Die();
        IsSilent = kind == CrashKind.Silent;
        foreach (var connection in dead.Connections.ToArray()) connection.ProcessDied(kind);
        dead.Connections.Clear();
        _world.Network.Forget(dead);
    }

    /// <summary>Stops time for its process, as SIGSTOP does: the kernel still takes bytes and connections.</summary>
    public void Pause()
    {
        if (_world.IsForeign("a pause") || !IsUp || IsPaused) return;
        _world.Trace(StepKind.Fault, Index, "pause");
        Process.Pause();
    }

    /// <summary>Everything that became due meanwhile runs now, in its order.</summary>
    public void Resume()
    {
        if (_world.IsForeign("a resume") || !IsPaused) return;
        _world.Trace(StepKind.Fault, Index, "resume");
        var delay = TimeSpan.Zero;
        foreach (var step in Process.Resume()) _world.Enqueue(step, delay += TimeSpan.FromTicks(1));
    }

    /// <summary>A new, empty process at the same address; systems are started in it as before.</summary>
    public void Restart()
    {
        if (_world.IsForeign("a restart")) return;
        if (IsUp) throw new InvalidOperationException($"Node {Name} is up. Crash it first.");
        _world.Trace(StepKind.Fault, Index, "restart");
        IsSilent = false;
        Process = NewProcess();
    }

    public override string ToString() => Name;

    /// <summary>The node's own clock at a moment of the world's time.</summary>
    internal TimeSpan ToLocal(TimeSpan time) => TimeSpan.FromTicks((long)(time.Ticks * _clockRate));

    /// <summary>How long a span of the node's own time takes; a delay beyond the range of time is for ever.</summary>
    internal TimeSpan FromLocal(TimeSpan span) =>
        TimeSpan.FromTicks((long)Math.Min(span.Ticks / _clockRate, TimeSpan.MaxValue.Ticks / 4.0));

    private SimulatedProcess NewProcess() => new(_world, this, ++_lives);
}
