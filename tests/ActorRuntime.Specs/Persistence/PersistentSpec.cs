using System.Linq.Expressions;
using Akka.Actor;
using Akka.Persistence;

namespace ActorRuntime.Specs.Persistence;

/// <summary>Base of the specs of persistent actors: a journal that fails on request, snapshots in memory.</summary>
public abstract class PersistentSpec(string config = "") : Spec(config + "\n" + InMemory + "\n" + UnreliableJournal.Settings)
{
    public const string InMemory =
        """
        akka.persistence {
          journal.plugin = "akka.persistence.journal.inmem"
          snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        }
        """;

    protected string Pid { get; } = "actor-" + Guid.NewGuid().ToString("N");

    protected IActorRef Journal => Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor(null!);

    /// <summary>Starts the actor, and waits until it has recovered.</summary>
    protected IActorRef Recovered<T>(Expression<Func<T>> actor)
        where T : Teller
    {
        var started = Sys.ActorOf(Props.Create(actor));
        FishForMessage(message => message is "recovered", Soon);
        return started;
    }

    /// <summary>The next reports, as text.</summary>
    protected void Expect(params string[] reports) =>
        Assert.Equal(reports, ReceiveN(reports.Length, Soon).Select(report => report.ToString()).ToArray());
}
