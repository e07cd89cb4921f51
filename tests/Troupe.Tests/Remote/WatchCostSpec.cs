using Akka.Actor;

namespace Troupe.Tests.Remote;

/// <summary>What watching costs an actor that watches many, in a system with remoting.</summary>
public sealed class WatchCostSpec : IAsyncLifetime
{
    private const int Many = 2_000;

    private readonly RemoteNode _here = RemoteNode.Start("here");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Fact]
    public async Task Watching_and_unwatching_cost_the_same_however_many_are_watched()
    {
        var subjects = Enumerable.Range(0, Many).Select(_ => _here.Echo(name: null!)).ToArray();
        var watcher = _here.System.ActorOf(Props.Create(() => new Measuring()));
        var bytes = await watcher.Ask<long>(subjects, RemoteNode.Patience);
        Assert.InRange(bytes / (2 * Many), 1, 1_000);
    }

    private sealed class Measuring : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var subjects = (IActorRef[])message;
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var subject in subjects)
                Context.Watch(subject);
            foreach (var subject in subjects)
                Context.Unwatch(subject);
            Sender.Tell(GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }
}
