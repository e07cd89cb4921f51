using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>A message that travels between mediators.</summary>
public interface IDistributedPubSubMessage;

/// <summary>Let messages to its path reach this actor, which is one of this node, until it ends.</summary>
public sealed class Put(IActorRef @ref) : IEquatable<Put>
{
    public IActorRef Ref { get; } = @ref;

    public bool Equals(Put? other) => other is not null && Ref.Equals(other.Ref);

    public override bool Equals(object? obj) => Equals(obj as Put);

    public override int GetHashCode() => Ref.GetHashCode();

    public override string ToString() => $"Put<ref:{Ref}>";
}

/// <summary>Takes a <see cref="Put"/> back, by the actor's path without an address.</summary>
public sealed class Remove(string path) : IEquatable<Remove>
{
    public string Path { get; } = path;

    public bool Equals(Remove? other) => other is not null && Path == other.Path;

    public override bool Equals(object? obj) => Equals(obj as Remove);

    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"Remove<path:{Path}>";
}

/// <summary>Let what is published to the topic reach this actor, until it ends. Acknowledged to the sender.</summary>
public sealed class Subscribe : IEquatable<Subscribe>
{
    /// <param name="topic">The topic's name.</param>
    /// <param name="ref">The subscriber, an actor of this node.</param>
    /// <param name="group">One subscriber of each group hears what is published to groups, and nothing else; null: no group.</param>
    public Subscribe(string topic, IActorRef @ref, string? group = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        (Topic, Ref, Group) = (topic, @ref, group);
    }

    public string Topic { get; }

    public string? Group { get; }

    public IActorRef Ref { get; }

    public bool Equals(Subscribe? other) =>
        other is not null && Topic == other.Topic && Group == other.Group && Equals(Ref, other.Ref);

    public override bool Equals(object? obj) => Equals(obj as Subscribe);

    public override int GetHashCode() => HashCode.Combine(Topic, Group, Ref);

    public override string ToString() => $"Subscribe<topic:{Topic}, group:{Group}, ref:{Ref}>";
}

/// <summary>Takes a <see cref="Subscribe"/> back. Acknowledged to the sender.</summary>
public sealed class Unsubscribe : IEquatable<Unsubscribe>
{
    public Unsubscribe(string topic, IActorRef @ref, string? group = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        (Topic, Ref, Group) = (topic, @ref, group);
    }

    public string Topic { get; }

    public string? Group { get; }

    public IActorRef Ref { get; }

    public bool Equals(Unsubscribe? other) =>
        other is not null && Topic == other.Topic && Group == other.Group && Equals(Ref, other.Ref);

    public override bool Equals(object? obj) => Equals(obj as Unsubscribe);

    public override int GetHashCode() => HashCode.Combine(Topic, Group, Ref);

    public override string ToString() => $"Unsubscribe<topic:{Topic}, group:{Group}, ref:{Ref}>";
}

public sealed class SubscribeAck(Subscribe subscribe) : IDeadLetterSuppression, IEquatable<SubscribeAck>
{
    public Subscribe Subscribe { get; } = subscribe;

    public bool Equals(SubscribeAck? other) => other is not null && Subscribe.Equals(other.Subscribe);

    public override bool Equals(object? obj) => Equals(obj as SubscribeAck);

    public override int GetHashCode() => Subscribe.GetHashCode();

    public override string ToString() => $"SubscribeAck<{Subscribe}>";
}

public sealed class UnsubscribeAck(Unsubscribe unsubscribe) : IEquatable<UnsubscribeAck>
{
    public Unsubscribe Unsubscribe { get; } = unsubscribe;

    public bool Equals(UnsubscribeAck? other) => other is not null && Unsubscribe.Equals(other.Unsubscribe);

    public override bool Equals(object? obj) => Equals(obj as UnsubscribeAck);

    public override int GetHashCode() => Unsubscribe.GetHashCode();

    public override string ToString() => $"UnsubscribeAck<{Unsubscribe}>";
}

/// <summary>To all subscribers of a topic that have no group; or to one subscriber of each of its groups.</summary>
public sealed class Publish(string topic, object message, bool sendOneMessageToEachGroup = false)
    : IWrappedMessage, IDistributedPubSubMessage, IEquatable<Publish>
{
    public string Topic { get; } = topic;

    public object Message { get; } = message;

    public bool SendOneMessageToEachGroup { get; } = sendOneMessageToEachGroup;

    public bool Equals(Publish? other) => other is not null && Topic == other.Topic
        && SendOneMessageToEachGroup == other.SendOneMessageToEachGroup && Equals(Message, other.Message);

    public override bool Equals(object? obj) => Equals(obj as Publish);

    public override int GetHashCode() => HashCode.Combine(Topic, Message, SendOneMessageToEachGroup);

    public override string ToString() =>
        $"Publish<topic:{Topic}, sendOneToEachGroup:{SendOneMessageToEachGroup}, message:{Message}>";
}

/// <summary>To one of the actors that were put at that path.</summary>
public sealed class Send(string path, object message, bool localAffinity = false)
    : IWrappedMessage, IDistributedPubSubMessage, IEquatable<Send>
{
    public string Path { get; } = path;

    public object Message { get; } = message;

    /// <summary>Prefer the one on this node.</summary>
    public bool LocalAffinity { get; } = localAffinity;

    public bool Equals(Send? other) => other is not null && Path == other.Path && LocalAffinity == other.LocalAffinity
        && Equals(Message, other.Message);

    public override bool Equals(object? obj) => Equals(obj as Send);

    public override int GetHashCode() => HashCode.Combine(Path, Message, LocalAffinity);

    public override string ToString() => $"Send<path:{Path}, localAffinity:{LocalAffinity}, message:{Message}>";
}

/// <summary>To all actors that were put at that path.</summary>
public sealed class SendToAll(string path, object message, bool excludeSelf = false)
    : IWrappedMessage, IDistributedPubSubMessage, IEquatable<SendToAll>
{
    public string Path { get; } = path;

    public object Message { get; } = message;

    /// <summary>Leave the one on this node out.</summary>
    public bool ExcludeSelf { get; } = excludeSelf;

    public bool Equals(SendToAll? other) => other is not null && Path == other.Path && ExcludeSelf == other.ExcludeSelf
        && Equals(Message, other.Message);

    public override bool Equals(object? obj) => Equals(obj as SendToAll);

    public override int GetHashCode() => HashCode.Combine(Path, Message, ExcludeSelf);

    public override string ToString() => $"SendToAll<path:{Path}, excludeSelf:{ExcludeSelf}, message:{Message}>";
}

/// <summary>Which topics have subscribers, as far as is known here? Answered by <see cref="CurrentTopics"/>.</summary>
public sealed class GetTopics
{
    private GetTopics()
    {
    }

    public static GetTopics Instance { get; } = new();
}

public sealed class CurrentTopics(IImmutableSet<string> topics) : IEquatable<CurrentTopics>
{
    public IImmutableSet<string> Topics { get; } = topics;

    public bool Equals(CurrentTopics? other) => other is not null && Topics.SetEquals(other.Topics);

    public override bool Equals(object? obj) => Equals(obj as CurrentTopics);

    public override int GetHashCode() => Topics.Count;

    public override string ToString() => $"CurrentTopics<{string.Join(", ", Topics.Order(StringComparer.Ordinal))}>";
}
