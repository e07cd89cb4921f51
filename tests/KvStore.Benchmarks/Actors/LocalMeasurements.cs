using Akka.Actor;
using Akka.Configuration;

namespace KvStore.Benchmarks.Actors;

/// <summary>Inside one system: tells between pairs of actors, asks, and a child actor per request.</summary>
internal static class LocalMeasurements
{
    private const int Requests = 64;

    internal static IEnumerable<Measurement> Run(Plan plan)
    {
        yield return Measure(plan, "local tells", system =>
        {
            var counters = Enumerable.Range(0, 2).Select(_ => StartTells(system)).ToArray();
            return () => counters.Sum(counter => counter.Value);
        });
        yield return Measure(plan, $"asks, {Requests} outstanding", StartAsks);
        yield return Measure(plan, $"child actor per request, {Requests} outstanding", system =>
        {
            var counter = new Counter();
            system.ActorOf(Props.Create(() => new RequestParent(Requests, counter)));
            return () => counter.Value;
        });
    }

    private static Measurement Measure(Plan plan, string name, Func<ActorSystem, Func<long>> start)
    {
        var system = ActorSystem.Create("local",
            ConfigurationFactory.ParseString("akka { loglevel = ERROR, log-dead-letters = off }"));
        try
        {
            return Measurement.Take(name, plan, start(system));
        }
        finally
        {
            system.Terminate().Wait(TimeSpan.FromSeconds(10));
        }
    }

    private static Counter StartTells(ActorSystem system)
    {
        var counter = new Counter();
        var receiver = system.ActorOf(Props.Create(() => new TellReceiver(counter)));
        system.ActorOf(Props.Create(() => new TellSender(receiver)));
        return counter;
    }

    private static Func<long> StartAsks(ActorSystem system)
    {
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        var counters = Enumerable.Range(0, Requests).Select(_ => new Counter()).ToArray();
        foreach (var counter in counters)
            _ = AskForEver(echo, counter);
        return () => counters.Sum(counter => counter.Value);
    }

    private static async Task AskForEver(IActorRef echo, Counter counter)
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                await echo.Ask<object>(Message.Instance, TimeSpan.FromSeconds(5));
            }
            catch (AskTimeoutException)
            {
                // The system has stopped: the measurement is over.
                return;
            }
            counter.Value++;
        }
    }

    private sealed class Message
    {
        internal static readonly Message Instance = new();
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => Receive<Message>(message => Sender.Tell(message));
    }

    /// <summary>Sends in bursts of 1,000 and waits for the word to go on, so that the mailbox stays short.</summary>
    private sealed class TellSender : ReceiveActor
    {
        internal const int Burst = 1000;

        public TellSender(IActorRef receiver)
        {
            Receive<GoOn>(_ => SendBurst(receiver));
            SendBurst(receiver);
            SendBurst(receiver);
        }

        private void SendBurst(IActorRef receiver)
        {
            for (var i = 0; i < Burst; i++)
                receiver.Tell(Message.Instance, Self);
        }
    }

    private sealed class GoOn
    {
        internal static readonly GoOn Instance = new();
    }

    private sealed class TellReceiver : ReceiveActor
    {
        public TellReceiver(Counter counter) => Receive<Message>(_ =>
        {
            counter.Value++;
            if (counter.Value % TellSender.Burst == 0)
                Sender.Tell(GoOn.Instance);
        });
    }

    /// <summary>Keeps a number of requests under way: each one a child that asks three replicas and answers after two.</summary>
    private sealed class RequestParent : ReceiveActor
    {
        public RequestParent(int outstanding, Counter counter)
        {
            var replicas = Enumerable.Range(0, 3).Select(_ => Context.ActorOf(Props.Create(() => new Echo()))).ToArray();
            var request = Props.Create(() => new Request(replicas));
            Receive<Done>(_ =>
            {
                counter.Value++;
                Context.ActorOf(request);
            });
            for (var i = 0; i < outstanding; i++)
                Context.ActorOf(request);
        }
    }

    private sealed class Done
    {
        internal static readonly Done Instance = new();
    }

    private sealed class Request : ReceiveActor
    {
        private int _replies;

        public Request(IActorRef[] replicas)
        {
            Receive<Message>(_ =>
            {
                if (++_replies != 2)
                    return;
                Context.Parent.Tell(Done.Instance, Self);
                Context.Stop(Self);
            });
            foreach (var replica in replicas)
                replica.Tell(Message.Instance, Self);
        }
    }
}
