using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;
using Akka.Util;

namespace Akka.Dispatch;

/// <summary>
/// Which mailbox an actor gets: that of its deployment or Props, else that of its dispatcher, else the one its class requires,
/// else the default. Safe from any thread.
/// </summary>
public class Mailboxes
{
    public static readonly string DefaultMailboxId = "akka.actor.default-mailbox";
    public static readonly string NoMailboxRequirement = "";

    private readonly ActorSystemImpl _system;
    private readonly ConcurrentDictionary<string, MailboxType> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, MailboxType?> _byActor = new();
    private readonly Dictionary<Type, string> _requirements = [];

    internal Mailboxes(ActorSystemImpl system)
    {
        _system = system;
        DeadLetterQueue = new DeadLetterMessageQueue(system);
        foreach (var (name, mailbox) in system.Settings.Config.GetConfig("akka.actor.mailbox.requirements")?.AsEnumerable() ?? [])
        {
            if (TypeResolver.TryResolve(name) is { } semantics) _requirements[semantics] = mailbox.GetString() ?? DefaultMailboxId;
        }
    }

    internal IMessageQueue DeadLetterQueue { get; }

    /// <summary>The mailbox type of a section `id`. Throws <see cref="ConfigurationException"/>.</summary>
    public MailboxType Lookup(string id) => _byId.TryGetValue(id, out var known) ? known : _byId.GetOrAdd(id, Make);

    public bool HasRequiredType(Type actorType) => RequiredType(actorType) is not null;

    public Type GetRequiredType(Type actorType) =>
        RequiredType(actorType) ?? throw new ArgumentException($"{actorType} requires no mailbox of its own.", nameof(actorType));

    internal MailboxType For(Props props, string dispatcher)
    {
        if (props.Deploy.Mailbox is { Length: > 0 } named) return Checked(Lookup(named), props.Type, named);
        if (dispatcher != Dispatchers.DefaultDispatcherId
            && _system.Settings.Config.GetString(dispatcher + ".mailbox-type", "") is { Length: > 0 })
            return Checked(Lookup(dispatcher), props.Type, dispatcher);
        return _byActor.GetOrAdd(props.Type, static (type, self) => self.RequiredMailbox(type), this) ?? Lookup(DefaultMailboxId);
    }

    /// <summary>The bound of a stash by the section of the mailbox or of the dispatcher; -1: none.</summary>
    internal int StashCapacity(string dispatcher, string mailbox)
    {
        var config = _system.Settings.Config;
        foreach (var section in (ReadOnlySpan<string>)[mailbox, dispatcher])
        {
            if (!string.IsNullOrEmpty(section) && config.HasPath(section + ".stash-capacity"))
                return config.GetInt(section + ".stash-capacity");
        }

        return config.GetInt(DefaultMailboxId + ".stash-capacity", -1);
    }

    private static Type? RequiredType(Type actorType)
    {
        foreach (var contract in actorType.GetInterfaces())
        {
            if (contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IRequiresMessageQueue<>))
                return contract.GetGenericArguments()[0];
        }

        return null;
    }

    private static MailboxType Checked(MailboxType mailbox, Type actorType, string id)
    {
        if (RequiredType(actorType) is { } required && Produced(mailbox) is { } produced && !required.IsAssignableFrom(produced))
            throw new ArgumentException(
                $"Actor [{actorType}] requires a mailbox queue of [{required}], but the mailbox [{id}] makes a [{produced}].");
        return mailbox;
    }

    private static Type? Produced(MailboxType mailbox)
    {
        foreach (var contract in mailbox.GetType().GetInterfaces())
        {
            if (contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IProducesMessageQueue<>))
                return contract.GetGenericArguments()[0];
        }

        return null;
    }

    private MailboxType? RequiredMailbox(Type actorType) =>
        RequiredType(actorType) is { } required && _requirements.TryGetValue(required, out var id) ? Lookup(id) : null;

    private MailboxType Make(string id)
    {
        if (id == "unbounded") return new UnboundedMailbox();
        var config = _system.Settings.Config;
        var section = config.GetConfig(id) ?? throw new ConfigurationException(
            $"There is no mailbox [{id}]: the settings have no section of that path. Add it, or name another mailbox.");
        var setting = $"{id}.mailbox-type";
        var name = section.GetString("mailbox-type") ?? "";
        if (name.Length == 0) throw new ConfigurationException($"The mailbox [{id}] does not say its mailbox-type.");
        return TypeResolver.Create(TypeResolver.Resolve(name, setting), setting, [_system.Settings, section], []) as MailboxType
            ?? throw new ConfigurationException($"{setting} names the type [{name}], which is no MailboxType.");
    }

    /// <summary>Takes what stopped actors left over.</summary>
    private sealed class DeadLetterMessageQueue(ActorSystemImpl system) : IMessageQueue
    {
        public bool HasMessages => false;

        public int Count => 0;

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            // A dead letter that reaches somebody who has stopped, yet is still subscribed to them, ends here: it would come
            // again for ever.
            if (envelope.Message is not Event.AllDeadLetters) system.DeadLetter(envelope.Message, envelope.Sender, receiver);
        }

        public bool TryDequeue(out Envelope envelope)
        {
            envelope = default;
            return false;
        }

        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
        }
    }
}
