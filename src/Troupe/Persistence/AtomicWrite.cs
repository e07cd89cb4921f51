using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence.Serialization;

namespace Akka.Persistence;

/// <summary>What a persistent actor sends to its journal: events to write, or something to be handed back in its turn.</summary>
public interface IPersistentEnvelope
{
    object Payload { get; }

    IActorRef? Sender { get; }

    /// <summary>How many events.</summary>
    int Size { get; }
}

/// <summary>Events of one actor that are written all or not at all.</summary>
public sealed class AtomicWrite : IPersistentEnvelope, IMessage
{
    private readonly IImmutableList<IPersistentRepresentation> _events;

    public AtomicWrite(IPersistentRepresentation @event)
        : this(ImmutableArray.Create(@event))
    {
    }

    /// <exception cref="ArgumentException">No events, or events of more than one persistence id.</exception>
    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (payload.Count == 0) throw new ArgumentException("Payload of AtomicWrite must not be empty.", nameof(payload));
        PersistenceId = payload[0].PersistenceId;
        if (payload.Any(e => e.PersistenceId != PersistenceId))
            throw new ArgumentException("AtomicWrite must contain messages for the same persistenceId.", nameof(payload));
        _events = payload;
    }

    /// <summary>The events: an <c>IImmutableList&lt;IPersistentRepresentation&gt;</c>.</summary>
    public object Payload => _events;

    public string PersistenceId { get; }

    public long LowestSequenceNr => _events[0].SequenceNr;

    public long HighestSequenceNr => _events[^1].SequenceNr;

    public IActorRef? Sender => _events[0].Sender;

    public int Size => _events.Count;

    public override string ToString() => $"AtomicWrite<pid: {PersistenceId}, {LowestSequenceNr}-{HighestSequenceNr}>";
}

/// <summary>Not written: it comes back when the writes before it are done.</summary>
internal sealed class NonPersistentMessage(object payload, IActorRef? sender) : IPersistentEnvelope
{
    public object Payload { get; } = payload;

    public IActorRef? Sender { get; } = sender;

    public int Size => 1;
}
