using Akka.Actor;
using Akka.Event;

namespace Akka.Remote;

/// <summary>What carries messages to other systems.</summary>
public abstract class RemoteTransport
{
    protected RemoteTransport(ExtendedActorSystem system, RemoteActorRefProvider provider)
    {
        System = system;
        Provider = provider;
        Log = Logging.GetLogger(system, this);
    }

    public ExtendedActorSystem System { get; }

    public RemoteActorRefProvider Provider { get; }

    public ILoggingAdapter Log { get; protected set; }

    public abstract ISet<Address> Addresses { get; }

    /// <summary>The address that others call this system by.</summary>
    public abstract Address DefaultAddress { get; }

    public abstract Address LocalAddressForRemote(Address remote);

    public abstract void Start();

    public abstract Task Shutdown();

    /// <summary>Never waits, never fails: what cannot be sent is a dead letter.</summary>
    public abstract void Send(object message, IActorRef sender, RemoteActorRef recipient);

    /// <summary>Breaks with one incarnation of a peer for good; with a null uid only closes the gate to its address.</summary>
    public abstract void Quarantine(Address address, int? uid);
}
