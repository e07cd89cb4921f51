using System.Text;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Serialization;

namespace ActorRuntime.Specs.ClusterSharding;

/// <summary>What the specs send to an entity, and what it answers.</summary>
public interface ISpoken;

public sealed record Say(string Entity, string Text) : ISpoken;

/// <summary>An entity's answer: where it is, and how many messages it has had since it was made.</summary>
public sealed record Said(string Entity, string Text, string Node, int Count) : ISpoken;

/// <summary>Text fields in a row, separated by line ends: the specs' texts hold none.</summary>
public sealed class SpokenSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 4712;

    public override string Manifest(object o) => o.GetType().Name;

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(obj switch
    {
        Say say => $"{say.Entity}\n{say.Text}",
        Said said => $"{said.Entity}\n{said.Text}\n{said.Node}\n{said.Count}",
        _ => throw new ArgumentException($"{obj.GetType()} is not spoken here."),
    });

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var fields = Encoding.UTF8.GetString(bytes).Split('\n');
        return manifest switch
        {
            nameof(Say) => new Say(fields[0], fields[1]),
            nameof(Said) => new Said(fields[0], fields[1], fields[2], int.Parse(fields[3], System.Globalization.CultureInfo.InvariantCulture)),
            _ => throw new ArgumentException($"[{manifest}] is not spoken here."),
        };
    }
}

/// <summary>An entity is "shard/name": the part before the slash says its shard.</summary>
public sealed class BySlash : IMessageExtractor
{
    public string? EntityId(object message) => (message as Say)?.Entity;

    public object? EntityMessage(object message) => message;

    [Obsolete("Use ShardId(EntityId, object) instead.")]
    public string? ShardId(object message) => message is Say say ? ShardId(say.Entity, message) : null;

    public string ShardId(string entityId, object? messageHint = null) => entityId.Split('/')[0];
}

/// <summary>Answers everything; "passivate" makes it ask for its end, "fail" makes it fail, "silence" is not answered.</summary>
public sealed class Speaker : ReceiveActor
{
    private int _count;

    public Speaker(string id, string node)
    {
        Receive<Say>(say =>
        {
            _count++;
            if (say.Text == "fail")
            {
                throw new InvalidOperationException("on purpose");
            }
            if (say.Text == "passivate")
            {
                Context.Parent.Tell(new Passivate(PoisonPill.Instance));
            }
            if (say.Text != "silence")
            {
                Sender.Tell(new Said(id, say.Text, node, _count));
            }
        });
    }
}

/// <summary>As <see cref="Speaker"/>, but it takes its time to stop: the stop message starts a wait that <see cref="Release"/>
/// ends.</summary>
public sealed class SlowToStop : ReceiveActor
{
    public SlowToStop(string id, string node, Gate gate)
    {
        Receive<Say>(say => Sender.Tell(new Said(id, say.Text, node, 0)));
        Receive<Stop>(_ =>
        {
            gate.Reached.TrySetResult();
            gate.Open.Task.PipeTo(Self, success: () => new Release());
        });
        Receive<Release>(_ => Context.Stop(Self));
    }

    /// <summary>The hand-off's stop message.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded;

    public sealed record Release : INoSerializationVerificationNeeded;
}

/// <summary>Where an entity says that it has been told to stop, and waits for leave to do so.</summary>
public sealed class Gate
{
    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
