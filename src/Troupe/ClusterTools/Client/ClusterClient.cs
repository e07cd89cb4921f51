using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

/// <summary>
/// Sends to actors in a cluster from outside of it, through a receptionist on one of its members. It takes <see cref="Send"/>,
/// <see cref="SendToAll"/> and <see cref="Publish"/>; answers come to the sender, and their own sender is dead letters.
/// <para>Not promised: delivery. What is under way when a receptionist dies is lost without a word, and so is what is sent until its
/// silence is noticed; from then on messages are kept until another one is found.</para>
/// </summary>
public sealed class ClusterClient
{
    private ClusterClient()
    {
    }

    public static Props Props(ClusterClientSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Actor.Props.Create(() => new ClientActor(settings)).WithDeploy(Deploy.Local);
    }

    /// <summary>To one of the actors that are registered at that path.</summary>
    public sealed class Send(string path, object message, bool localAffinity = false)
        : IClusterClientProtocolMessage, IEquatable<Send>
    {
        public string Path { get; } = path;

        public object Message { get; } = message;

        /// <summary>Prefer the one on the receptionist's own node.</summary>
        public bool LocalAffinity { get; } = localAffinity;

        public bool Equals(Send? other) => other is not null && Path == other.Path && LocalAffinity == other.LocalAffinity
            && Equals(Message, other.Message);

        public override bool Equals(object? obj) => Equals(obj as Send);

        public override int GetHashCode() => HashCode.Combine(Path, Message, LocalAffinity);
    }

    /// <summary>To all actors that are registered at that path.</summary>
    public sealed class SendToAll(string path, object message) : IClusterClientProtocolMessage, IEquatable<SendToAll>
    {
        public string Path { get; } = path;

        public object Message { get; } = message;

        public bool Equals(SendToAll? other) => other is not null && Path == other.Path && Equals(Message, other.Message);

        public override bool Equals(object? obj) => Equals(obj as SendToAll);

        public override int GetHashCode() => HashCode.Combine(Path, Message);
    }

    /// <summary>To all subscribers of that topic.</summary>
    public sealed class Publish(string topic, object message) : IClusterClientProtocolMessage, IEquatable<Publish>
    {
        public string Topic { get; } = topic;

        public object Message { get; } = message;

        public bool Equals(Publish? other) => other is not null && Topic == other.Topic && Equals(Message, other.Message);

        public override bool Equals(object? obj) => Equals(obj as Publish);

        public override int GetHashCode() => HashCode.Combine(Topic, Message);
    }
}
