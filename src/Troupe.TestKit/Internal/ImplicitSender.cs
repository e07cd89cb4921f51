using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>
/// Makes the test actor the sender of what a test tells: on the test's thread, and wherever an await of the test goes on.
/// </summary>
internal static class ImplicitSender
{
    public static void Install(TestKitBase testKit, IActorRef testActor)
    {
        switch (testKit)
        {
            case TestProbe:
                return;
            case INoImplicitSender:
                ActorCell.Current = null;
                return;
            default:
                var cell = ((LocalActorRef)testActor).Cell;
                ActorCell.Current = cell;
                SynchronizationContext.SetSynchronizationContext(new TestFlow(cell, SynchronizationContext.Current));
                return;
        }
    }

    /// <summary>The thread goes on to other tests: they must not send in this one's name.</summary>
    public static void Remove(IActorRef testActor)
    {
        if (ActorCell.Current is { } current && current.Self.Equals(testActor))
        {
            ActorCell.Current = null;
        }
        if (SynchronizationContext.Current is TestFlow flow && flow.Cell.Self.Equals(testActor))
        {
            SynchronizationContext.SetSynchronizationContext(flow.Outer);
        }
    }

    /// <summary>Runs the continuations of a test on the thread pool, in the name of its test actor.</summary>
    private sealed class TestFlow(ActorCell cell, SynchronizationContext? outer) : SynchronizationContext
    {
        public ActorCell Cell { get; } = cell;

        public SynchronizationContext? Outer { get; } = outer is TestFlow inner ? inner.Outer : outer;

        public override void Post(SendOrPostCallback d, object? state) =>
            ThreadPool.QueueUserWorkItem(static work => work.Flow.Run(work.Callback, work.State), (Flow: this, Callback: d, State: state), false);

        public override void Send(SendOrPostCallback d, object? state) => Run(d, state);

        public override SynchronizationContext CreateCopy() => this;

        private void Run(SendOrPostCallback callback, object? state)
        {
            var (outerCell, outerContext) = (ActorCell.Current, Current);
            ActorCell.Current = Cell;
            SetSynchronizationContext(this);
            try
            {
                callback(state);
            }
            finally
            {
                ActorCell.Current = outerCell;
                SetSynchronizationContext(outerContext);
            }
        }
    }
}
