using Akka.Actor;

namespace Akka.Remote;

/// <summary>A provider whose actors can be reached from other systems.</summary>
public interface IRemoteActorRefProvider : IActorRefProvider
{
    RemoteSettings RemoteSettings { get; }

    IActorRef RemoteWatcher { get; }

    RemoteTransport Transport { get; }

    /// <summary>Is this one of this system's own addresses?</summary>
    bool HasAddress(Address address);

    IActorRef InternalResolveActorRef(string path);

    IInternalActorRef ResolveActorRefWithLocalAddress(string path, Address localAddress);

    void Quarantine(Address address, int? uid);
}
