using System.Diagnostics;
using Akka.Actor;

namespace KvStore.Benchmarks.Actors;

/// <summary>Round trips to an actor in another process, a fixed number under way at once.</summary>
internal static class RoundTrips
{
    internal static Measurement Measure(Plan plan, int outstanding)
    {
        using var peer = RoundTripPeer.Start("actor");
        var system = RemoteSystem.Start("driver");
        try
        {
            var target = system.ActorSelection(peer.Endpoint).ResolveOne(TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();
            var counter = new Counter();
            var latencies = outstanding == 1 ? new Latencies() : null;
            system.ActorOf(Props.Create(() => new Driver(target, plan.Payload, outstanding, counter, latencies)));
            return Measurement.Take($"remote round trips, {outstanding} outstanding", plan, () => counter.Value, latencies, peer);
        }
        finally
        {
            system.Terminate().Wait(TimeSpan.FromSeconds(10));
        }
    }

    private sealed class Driver : ReceiveActor
    {
        public Driver(IActorRef target, int payload, int outstanding, Counter counter, Latencies? latencies)
        {
            var bytes = new byte[payload];
            var startedAt = Stopwatch.GetTimestamp();
            for (var i = 0; i < outstanding; i++)
                target.Tell(new Payload(i, bytes), Self);
            Receive<Payload>(reply =>
            {
                counter.Value++;
                if (latencies is not null)
                {
                    latencies.Record(startedAt);
                    startedAt = Stopwatch.GetTimestamp();
                }
                target.Tell(new Payload(reply.Number, bytes), Self);
            });
        }
    }
}

/// <summary>Counted by one actor, read by the measuring thread.</summary>
internal sealed class Counter
{
    private long _value;

    internal long Value
    {
        get => Volatile.Read(ref _value);
        set => Volatile.Write(ref _value, value);
    }
}
