using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Persistence.Serialization;

namespace Akka.Persistence
{
    /// <summary>One event with what the journal keeps beside it.</summary>
    public interface IPersistentRepresentation : IMessage
    {
        object Payload { get; }

        /// <summary>What an event adapter needs to read the payload again; empty where there is none.</summary>
        string Manifest { get; }

        string PersistenceId { get; }

        /// <summary>From 1 on, without gaps, for each persistence id.</summary>
        long SequenceNr { get; }

        /// <summary>Which instance of the actor wrote it.</summary>
        string WriterGuid { get; }

        bool IsDeleted { get; }

        IActorRef? Sender { get; }

        /// <summary>When it was written, in UTC ticks; 0: unknown.</summary>
        long Timestamp { get; }

        IPersistentRepresentation WithPayload(object payload);

        IPersistentRepresentation WithManifest(string manifest);

        IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef sender,
            string writerGuid);

        IPersistentRepresentation WithTimestamp(long timestamp);
    }

    public class Persistent : IPersistentRepresentation, IEquatable<IPersistentRepresentation>
    {
        public Persistent(object payload, long sequenceNr = 0, string? persistenceId = null, string? manifest = null,
            bool isDeleted = false, IActorRef? sender = null, string? writerGuid = null, long timestamp = 0)
        {
            Payload = payload;
            SequenceNr = sequenceNr;
            PersistenceId = persistenceId ?? Undefined;
            Manifest = manifest ?? Undefined;
            IsDeleted = isDeleted;
            Sender = sender;
            WriterGuid = writerGuid ?? Undefined;
            Timestamp = timestamp;
        }

        public static string Undefined { get; } = "";

        public object Payload { get; }

        public string Manifest { get; }

        public string PersistenceId { get; }

        public long SequenceNr { get; }

        public string WriterGuid { get; }

        public bool IsDeleted { get; }

        public IActorRef? Sender { get; }

        public long Timestamp { get; }

        public IPersistentRepresentation WithPayload(object payload) =>
            new Persistent(payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, Timestamp);

        public IPersistentRepresentation WithManifest(string manifest) =>
            new Persistent(Payload, SequenceNr, PersistenceId, manifest, IsDeleted, Sender, WriterGuid, Timestamp);

        public IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef sender,
            string writerGuid) =>
            new Persistent(Payload, sequenceNr, persistenceId, Manifest, isDeleted, sender, writerGuid, Timestamp);

        [SuppressMessage("Naming", "CA1725", Justification = "the package's names")]
        public IPersistentRepresentation WithTimestamp(long newTimestamp) =>
            new Persistent(Payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, newTimestamp);

        public bool Equals(IPersistentRepresentation? other) =>
            other is not null && Equals(Payload, other.Payload) && Manifest == other.Manifest
            && PersistenceId == other.PersistenceId && SequenceNr == other.SequenceNr && WriterGuid == other.WriterGuid
            && IsDeleted == other.IsDeleted && Equals(Sender, other.Sender);

        public override bool Equals(object? obj) => Equals(obj as IPersistentRepresentation);

        public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, WriterGuid);

        public override string ToString() =>
            $"Persistent<pid: {PersistenceId}, seqNr: {SequenceNr}, deleted: {IsDeleted}, manifest: {Manifest}, payload: {Payload}>";
    }
}

namespace Akka.Persistence.Serialization
{
    /// <summary>Marks what a journal may have to turn into bytes.</summary>
    public interface IMessage;
}
