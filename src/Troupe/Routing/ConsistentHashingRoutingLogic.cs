using System.Globalization;
using Akka.Actor;
using Akka.Event;

namespace Akka.Routing;

/// <summary>
/// The routee whose point on the ring follows the message's key. The key is what the mapping gives, else what the message carries;
/// a message without a key is not routed, and logged.
/// </summary>
public sealed class ConsistentHashingRoutingLogic : RoutingLogic
{
    private readonly ActorSystem _system;
    private readonly int _virtualNodesFactor;
    private readonly ConsistentHashMapping? _mapping;
    private readonly ILoggingAdapter _log;
    private volatile Ring? _ring;

    public ConsistentHashingRoutingLogic(ActorSystem system)
        : this(system, 0, static _ => null)
    {
    }

    /// <param name="system">Whose settings give the factor, when it is 0.</param>
    /// <param name="virtualNodesFactor">Points of each routee on the ring; 0: as the settings say.</param>
    /// <param name="hashMapping">Keys of messages that carry none.</param>
    public ConsistentHashingRoutingLogic(ActorSystem system, int virtualNodesFactor, ConsistentHashMapping? hashMapping)
    {
        _system = system;
        _mapping = hashMapping;
        _log = Logging.GetLogger(system, typeof(ConsistentHashingRoutingLogic));
        _virtualNodesFactor = virtualNodesFactor > 0
            ? virtualNodesFactor
            : system.Settings.Config.GetInt("akka.actor.deployment.default.virtual-nodes-factor");
    }

    public ConsistentHashingRoutingLogic WithHashMapping(ConsistentHashMapping mapping) => new(_system, _virtualNodesFactor, mapping);

    public override Routee Select(object message, Routee[] routees)
    {
        if (routees.Length == 0)
        {
            return Routee.NoRoutee;
        }
        if ((_mapping?.Invoke(message) ?? (message as IConsistentHashable)?.ConsistentHashKey) is not { } key)
        {
            _log.Warning("Message [{0}] has no key to be routed by, and was dropped: give the router a hash mapping, let the message "
                + "implement IConsistentHashable, or put it in a ConsistentHashableEnvelope.", message.GetType().Name);
            return Routee.NoRoutee;
        }
        var ring = RingOf(routees);
        return (key is byte[] bytes ? ring.NodeFor(bytes) : ring.NodeFor(TextOf(key))).Routee;
    }

    /// <summary>The ring over these routees; made when they have changed. Two threads may both make it: it is the same.</summary>
    private ConsistentHash<PlacedRoutee> RingOf(Routee[] routees)
    {
        if (_ring is { } cached && ReferenceEquals(cached.Routees, routees))
        {
            return cached.Hash;
        }
        var self = ((ExtendedActorSystem)_system).Provider.DefaultAddress;
        var made = new Ring(routees, ConsistentHash.Create(routees.Select(r => new PlacedRoutee(r, self)), _virtualNodesFactor));
        _ring = made;
        return made.Hash;
    }

    private string TextOf(object key) => key switch
    {
        string text => text,
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => Convert.ToHexString(_system.Serialization.FindSerializerFor(key).ToBinary(key)),
    };

    private sealed record Ring(Routee[] Routees, ConsistentHash<PlacedRoutee> Hash);

    /// <summary>A routee with its place on the ring: its path with the address, the same on every node.</summary>
    private sealed class PlacedRoutee(Routee routee, Address self)
    {
        private readonly string _place = routee switch
        {
            ActorRefRoutee { Actor: var actor } => actor.Path.ToStringWithAddress(self),
            ActorSelectionRoutee { Selection: var selection } =>
                $"{selection.Anchor.Path.ToStringWithAddress(self)}{selection.PathString}",
            _ => routee.ToString() ?? "",
        };

        public Routee Routee { get; } = routee;

        public override string ToString() => _place;
    }
}
