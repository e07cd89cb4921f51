using Akka.Actor;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Base of what remoting publishes on the event stream.</summary>
public abstract class RemotingLifecycleEvent
{
    /// <summary>The level at which the event is logged.</summary>
    public abstract LogLevel LogLevel();
}

/// <summary>Remoting listens.</summary>
public sealed class RemotingListenEvent(IList<Address> listenAddresses) : RemotingLifecycleEvent
{
    public IList<Address> ListenAddresses { get; } = listenAddresses;

    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;

    public override string ToString() => $"Remoting now listens on addresses: [{string.Join(", ", ListenAddresses)}]";
}

/// <summary>Remoting has stopped.</summary>
public sealed class RemotingShutdownEvent : RemotingLifecycleEvent
{
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;

    public override string ToString() => "Remoting shut down";
}

/// <summary>Remoting itself failed.</summary>
public sealed class RemotingErrorEvent(Exception cause) : RemotingLifecycleEvent
{
    public Exception Cause { get; } = cause;

    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;

    public override string ToString() => $"Remoting error: [{Cause.Message}] [{Cause}]";
}

/// <summary>This system will not speak with that incarnation of a peer any more.</summary>
public sealed class QuarantinedEvent(Address address, int uid) : RemotingLifecycleEvent
{
    public Address Address { get; } = address;

    public int Uid { get; } = uid;

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;

    public override string ToString() =>
        $"Association to [{Address}] having UID [{Uid}] is irrecoverably failed. UID is now quarantined and all messages "
        + "to this UID will be delivered to dead letters. The remote system must be restarted to recover from this situation.";
}

/// <summary>A peer will not speak with this incarnation of this system any more: only a restart helps.</summary>
public sealed class ThisActorSystemQuarantinedEvent(Address localAddress, Address remoteAddress) : RemotingLifecycleEvent
{
    public Address LocalAddress { get; } = localAddress;

    public Address RemoteAddress { get; } = remoteAddress;

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;

    public override string ToString() => $"The remote system {RemoteAddress} has quarantined this system {LocalAddress}.";
}
