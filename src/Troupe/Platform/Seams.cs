using Akka.Configuration;

namespace Troupe.Platform;

/// <summary>
/// Everything outside itself that an actor system touches: time, randomness, threads, timers, the network.
/// <para>Owner: one instance per ActorSystem, handed in with its setup (else <see cref="RealSeams"/>).</para>
/// <para>Thread rule: every member may be called from any thread; the simulation answers on its one thread.</para>
/// Invariants:
/// <list type="number">
/// <item>Nothing in Troupe outside this folder reads a clock, starts a thread or timer, or draws a random number by
/// itself.</item>
/// <item>Production and simulation differ in this object alone: mailboxes, frames, handshakes and serialization are the same
/// code.</item>
/// </list>
/// </summary>
public abstract class Seams
{
    public abstract IClock Clock { get; }

    public abstract IEntropy Entropy { get; }

    public abstract ITimers Timers { get; }

    public abstract INetwork Network { get; }

    /// <summary>The executor behind one dispatcher, built from that dispatcher's HOCON section.</summary>
    public abstract IExecutor CreateExecutor(string dispatcherId, Config dispatcherConfig);

    /// <summary>
    /// True when a completed ask may run its continuations on the thread that completes it. A simulation has only one
    /// thread and says yes; in production the thread belongs to an actor and the answer is no.
    /// </summary>
    public virtual bool RunsContinuationsInline => false;

    /// <summary>Sees what actors handle; null costs a comparison a message.</summary>
    internal virtual IMessageObserver? Observer => null;

    /// <summary>Releases timers, threads and sockets. Called once, after the last actor has stopped.</summary>
    public abstract void Shutdown();
}
