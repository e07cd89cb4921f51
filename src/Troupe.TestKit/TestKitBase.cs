using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Configs;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>
/// An actor system under test, and a <see cref="TestActor"/> whose messages the test takes one by one.
/// <para>Owner: one test. Thread rule: one thread or one async flow at a time calls it; actors run on their own.</para>
/// Invariants:
/// <list type="number">
/// <item>A message is given to the test once, in the order in which the test actor received it.</item>
/// <item>Every wait has a deadline: the caller's, that of the enclosing Within, or <c>akka.test.single-expect-default</c>.</item>
/// <item>A blocking method never moves to another thread: the implicit sender stays what it was.</item>
/// </list>
/// </summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    private static long _testActorNumber;

    private readonly ITestKitAssertions _assertions;
    private readonly MessageInbox _inbox = new();
    private ActorSystem _system = null!;
    private TestKitSettings _settings = null!;
    private IActorRef _testActor = null!;
    private EventFilterFactory _eventFilter = null!;
    private ILoggingAdapter _log = null!;
    private MessageEnvelope _lastMessage = NullMessageEnvelope.Instance;
    private bool _lastWasNoMsg;
    private TimeSpan? _end;

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system, ActorSystemSetup.Empty, null, testActorName)
    {
    }

    protected TestKitBase(ITestKitAssertions assertions, ActorSystemSetup setup, string? actorSystemName = null,
        string? testActorName = null)
        : this(assertions, null, setup, actorSystemName, testActorName)
    {
    }

    protected TestKitBase(ITestKitAssertions assertions, Config config, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, null, ActorSystemSetup.Empty.WithSetup(BootstrapSetup.Create().WithConfig(config)), actorSystemName, testActorName)
    {
    }

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system, ActorSystemSetup config, string? actorSystemName,
        string? testActorName)
    {
        _assertions = assertions ?? throw new ArgumentNullException(nameof(assertions));
        InitializeTest(system, config, actorSystemName, testActorName);
    }

    public static Config DefaultConfig => TestConfigs.DefaultConfig;

    /// <summary>Every debug switch of the runtime on: for finding out what a test does.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = DEBUG
          log-dead-letters = on
          actor.debug {
            receive = on
            autoreceive = on
            lifecycle = on
            fsm = on
            event-stream = on
            unhandled = on
            router-misconfiguration = on
          }
        }
        """);

    /// <summary>Monotonic time, comparable with itself only.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    public ActorSystem Sys => _system;

    public TestKitSettings TestKitSettings => _settings;

    /// <summary>The actor whose messages the Expect methods take, and the implicit sender of the test.</summary>
    public IActorRef TestActor => _testActor;

    public ILoggingAdapter Log => _log;

    /// <summary>Expects, or silences, log events of <see cref="Sys"/>.</summary>
    public EventFilterFactory EventFilter => _eventFilter;

    public bool HasMessages => _inbox.HasMessages;

    /// <summary>The message last taken. Throws when the last receive timed out.</summary>
    public object? LastMessage => _lastMessage.Message;

    public IActorRef LastSender => _lastMessage.Sender;

    internal ITestKitAssertions Checks => _assertions;

    protected virtual void InitializeTest(ActorSystem? system, ActorSystemSetup config, string? actorSystemName, string? testActorName)
    {
        _system = system ?? CreateSystem(config, actorSystemName ?? "test");
        _system.RegisterExtension(new TestKitAssertionsExtension(_assertions));
        _system.Settings.InjectTopLevelFallback(DefaultConfig);
        _settings = TestKitExtension.For(_system);
        _log = Logging.GetLogger(_system, GetType());
        _eventFilter = new EventFilterFactory(this);
        _testActor = CreateTestActor(_system, testActorName ?? $"testActor{Interlocked.Increment(ref _testActorNumber)}");
        ImplicitSender.Install(this, _testActor);
    }

    protected void InitializeTest(ActorSystem? system, Config config, string? actorSystemName, string? testActorName) =>
        InitializeTest(system, ActorSystemSetup.Empty.WithSetup(BootstrapSetup.Create().WithConfig(config)), actorSystemName, testActorName);

    private static ActorSystem CreateSystem(ActorSystemSetup setup, string name)
    {
        var bootstrap = setup.Get<BootstrapSetup>().GetOrElse(BootstrapSetup.Create());
        var config = bootstrap.Config.HasValue ? bootstrap.Config.Value.WithFallback(DefaultConfig) : DefaultConfig;
        return ActorSystem.Create(name, setup.WithSetup(bootstrap.WithConfig(config)));
    }

    private IActorRef CreateTestActor(ActorSystem system, string name)
    {
        var inbox = _inbox;
        var props = Props.Create(() => new InternalTestActor(inbox))
            .WithDispatcher("akka.test.test-actor.dispatcher");
        return ((ExtendedActorSystem)system).SystemActorOf(props, name);
    }

    /// <summary>A further test actor: it takes messages for nobody, but it can be watched and sent to.</summary>
    public IActorRef CreateTestActor(string name) => CreateTestActor(_system, name);

    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(_system, name);

    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, _assertions, name);

    public virtual TestLatch CreateTestLatch(int count = 1) => new(count, Dilated(_settings.DefaultTimeout));

    public TestBarrier CreateTestBarrier(int count) => new(this, count);

    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    /// <summary>Drops, from now on, messages for which <paramref name="shouldIgnoreMessage"/> holds, before the test sees them.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) =>
        _testActor.Tell(new TestActor.SetIgnore(m => shouldIgnoreMessage(m)), ActorRefs.NoSender);

    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) =>
        _testActor.Tell(new TestActor.SetIgnore(m => m is TMsg typed && shouldIgnoreMessage(typed)), ActorRefs.NoSender);

    public void IgnoreMessages<TMsg>() => _testActor.Tell(new TestActor.SetIgnore(m => m is TMsg), ActorRefs.NoSender);

    public void IgnoreNoMessages() => _testActor.Tell(new TestActor.SetIgnore(null), ActorRefs.NoSender);

    public void SetAutoPilot(AutoPilot pilot) => _testActor.Tell(new TestActor.SetAutoPilot(pilot), ActorRefs.NoSender);

    /// <summary>The test actor watches; its Terminated is a message like others. In place when this returns.</summary>
    public IActorRef Watch(IActorRef actorToWatch) => WatchAsync(actorToWatch).GetAwaiter().GetResult();

    public Task<IActorRef> WatchAsync(IActorRef actorToWatch)
    {
        var watch = new AcknowledgedWatch(actorToWatch);
        _testActor.Tell(watch, ActorRefs.NoSender);
        return watch.Done.Task.WaitAsync(Dilated(_settings.DefaultTimeout));
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch) => UnwatchAsync(actorToUnwatch).GetAwaiter().GetResult();

    public Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch)
    {
        var unwatch = new AcknowledgedUnwatch(actorToUnwatch);
        _testActor.Tell(unwatch, ActorRefs.NoSender);
        return unwatch.Done.Task.WaitAsync(Dilated(_settings.DefaultTimeout));
    }

    /// <summary>Terminates <see cref="Sys"/> and waits for its end.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) =>
        Shutdown(_system, duration, verifySystemShutdown);

    /// <summary>
    /// Terminates <paramref name="system"/>. When it does not end in time the test fails if <paramref name="verifySystemShutdown"/>
    /// says so; otherwise a warning is logged.
    /// </summary>
    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        var timeout = duration ?? TimeSpan.FromMilliseconds(
            Math.Clamp(Dilated(_settings.DefaultTimeout).TotalMilliseconds, 0, TimeSpan.FromSeconds(10).TotalMilliseconds));
        if (system.Terminate().Wait(timeout))
        {
            return;
        }
        var message = $"The actor system '{system.Name}' has not ended within {timeout}: an actor is busy, or waits for something.";
        if (verifySystemShutdown)
        {
            throw new TimeoutException(message);
        }
        system.Log.Warning(message);
    }

    /// <summary>The test is over: its thread sends in its name no more.</summary>
    internal void ForgetSender() => ImplicitSender.Remove(_testActor);

    /// <summary>Fails the test.</summary>
    [DoesNotReturn]
    private void Fail(string text)
    {
        _assertions.Fail(text);
        throw new InvalidOperationException("ITestKitAssertions.Fail returned, but it must throw.");
    }
}
