using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;
using Akka.Remote.Wire;
using Akka.Serialization;
using Troupe.Platform;

namespace Akka.Remote.Associations;

/// <summary>
/// Remoting over byte streams: listens, lets callers in, and keeps an <see cref="Association"/> to every peer that is sent to.
/// One connection a direction: each system dials the peer to send to it.
/// <para>Owner: the provider. Thread rule: any thread after Start.</para>
/// </summary>
internal sealed class Remoting : RemoteTransport
{
    private readonly ConcurrentDictionary<Address, Association> _associations = new();
    private readonly ConcurrentDictionary<Address, InboundPeer> _callers = new();
    private readonly GoneCallers _gone = new();
    private readonly RefusalLog _refusals;
    private Address? _address;
    private ImmutableHashSet<Address> _addresses = [];
    private readonly ActorSystemImpl _system;
    private IListener? _listener;
    private int _strangers;
    private long _attempts;
    private volatile bool _stopping;

    internal Remoting(ActorSystemImpl system, RemoteActorRefProvider provider) : base(system, provider)
    {
        _system = system;
        Seams = system.Seams;
        Settings = provider.RemoteSettings;
        var config = system.Settings.Config;
        Tcp = new TcpSettings(config, SslSetup(system), Settings.MaxConnections, Settings.MaxUnauthenticatedConnections);
        Uid = AddressUidExtension.Uid(system);
        HeartbeatInterval = Settings.TransportFailureDetectorConfig.GetTimeSpan("heartbeat-interval");
        Executor = Seams.CreateExecutor(Settings.Dispatcher, config.GetConfig(Settings.Dispatcher) ?? Config.Empty);
        Dispatcher = new InboundDispatcher(this);
        _refusals = new RefusalLog(Log);
    }

    public override ISet<Address> Addresses => _addresses;

    public override Address DefaultAddress => _address ?? throw NotStarted();

    internal Seams Seams { get; }

    internal RemoteSettings Settings { get; }

    internal TcpSettings Tcp { get; }

    internal int Uid { get; }

    internal TimeSpan HeartbeatInterval { get; }

    internal IExecutor Executor { get; }

    internal InboundDispatcher Dispatcher { get; }

    public override void Start()
    {
        try
        {
            _listener = Seams.Network.Listen(Tcp.Hostname, Tcp.Port, Tcp.Stream, Accept, OnRejected);
        }
        catch (Exception cause) when (cause is not ConfigurationException)
        {
            throw new RemoteTransportException(
                $"Remoting cannot listen on {Tcp.Hostname}:{Tcp.Port} ({cause.Message}). Nothing was started: "
                + "free the port, or set akka.remote.dot-netty.tcp.hostname and port.", cause);
        }
        var port = Tcp.PublicPort ?? _listener.Endpoint.Port;
        _address = new Address(Tcp.Protocol, System.Name, Tcp.PublicHostname, port);
        _addresses = [_address];
        Publish(new RemotingListenEvent([_address]));
    }

    /// <summary>What is queued goes out first, within `flush-wait-on-shutdown`.</summary>
    public override Task Shutdown()
    {
        _stopping = true;
        _listener?.Close();
        var associations = _associations.Values.OrderBy(association => association.Peer, Address.Comparer).ToArray();
        foreach (var association in associations)
            association.Post(new AssociationSignal(AssociationSignalKind.Stop));
        Seams.Timers.Schedule(Settings.FlushWait, static all =>
        {
            foreach (var association in (Association[])all!)
                association.Post(new AssociationSignal(AssociationSignalKind.StopNow));
        }, associations);
        return Task.WhenAll(associations.Select(association => association.Stopped.Task)).ContinueWith(
            static (_, self) => ((Remoting)self!).Finish(), this, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public override Address LocalAddressForRemote(Address remote) => DefaultAddress;

    public override void Send(object message, IActorRef sender, RemoteActorRef recipient)
    {
        var envelope = new OutboundEnvelope(message, sender, recipient);
        if (_stopping)
            DeadLetter(envelope);
        else
            AssociationOf(recipient).Send(envelope);
    }

    public override void Quarantine(Address address, int? uid) =>
        AssociationWith(address).Post(new AssociationSignal(AssociationSignalKind.Quarantine, null, uid));

    /// <summary>
    /// One count for all peers: an association that was retired and is made again must not seem to call earlier than it did.
    /// </summary>
    internal long NextAttempt() => Interlocked.Increment(ref _attempts);

    internal FailureDetector NewTransportDetector() => FailureDetectorLoader.Load(
        Settings.TransportFailureDetectorConfig.GetString("implementation-class", "")!,
        Settings.TransportFailureDetectorConfig, System);

    internal void Publish(RemotingLifecycleEvent happened)
    {
        var level = happened.LogLevel();
        if (Settings.LifecycleEventsLogLevel is { } least && level >= least && Log.IsEnabled(level))
            Log.Log(level, null, happened.ToString()!);
        System.EventStream.Publish(happened);
    }

    internal void DeadLetter(in OutboundEnvelope envelope)
    {
        if (envelope.Message is not Dispatch.SysMsg.ISystemMessage)
            _system.DeadLetter(envelope.Message, envelope.Sender, envelope.Recipient);
    }

    internal TaskCompletionSource NewCompletion() => _system.NewCompletion();

    /// <summary>
    /// While entered, serializers write local references with this system's address. Returns what to leave with.
    /// </summary>
    internal Information? EnterTransport() => Akka.Serialization.Serialization.Enter(Provider.SerializationInformation);

    internal void LeaveTransport(Information? outer) => Akka.Serialization.Serialization.Leave(outer);

    /// <summary>Lets a caller in, or says why not.</summary>
    internal Refusal? Admit(InboundConnection connection, Hello hello, out InboundPeer? admitted)
    {
        admitted = null;
        if (_stopping)
            return new Refusal(RefusalReason.ShuttingDown, "the system shuts down");
        if (hello.To.System != System.Name)
            return new Refusal(RefusalReason.WrongSystem,
                $"{hello.From} calls system '{Handshake.Printable(hello.To.System)}', this is '{System.Name}'");
        if (!_addresses.Contains(hello.To))
            return new Refusal(RefusalReason.WrongAddress, $"{hello.From} calls {hello.To}, this is {DefaultAddress}");
        if (hello.From.Protocol != Tcp.Protocol
            || hello.From.HasLocalScope || hello.From.Port is null or 0 || hello.Uid == 0)
            return new Refusal(RefusalReason.WrongAddress, "the caller gives no address that it could be called back by");
        // Callers alone make no association: a stranger's invented addresses must not add up.
        _associations.TryGetValue(hello.From, out var association);
        if (association is not null && association.IsQuarantined(hello.Uid))
            return new Refusal(RefusalReason.Quarantined, Quarantined(hello.From, hello.Uid));
        if (!TryAccept(connection, hello, out var peer, out var displaced))
            return new Refusal(RefusalReason.Superseded, $"{hello.From} has made a later connection already");
        displaced?.Abandon();
        Interlocked.Decrement(ref _strangers);
        association?.Post(new AssociationSignal(AssociationSignalKind.PeerContact, null, null, hello.Uid));
        Publish(new AssociatedEvent(DefaultAddress, hello.From, inbound: true));
        admitted = peer;
        return null;
    }

    /// <summary>Ends what a quarantined incarnation still sends.</summary>
    internal void CloseInbound(Address address, int uid)
    {
        if (_callers.TryGetValue(address, out var peer) && peer.Uid == uid)
            CloseCurrent(peer, new Refusal(RefusalReason.Quarantined, Quarantined(address, uid)));
    }

    /// <summary>False when this is not the caller's current connection. Callers are remembered, up to a number.</summary>
    internal bool Leave(InboundPeer peer, InboundConnection connection)
    {
        lock (peer.Gate)
        {
            if (!peer.Leave(connection))
                return false;
            _gone.Add(peer);
        }
        while (_callers.Count > 2 * Settings.MaxConnections && _gone.First is { } oldest)
            Forget(oldest);
        return true;
    }

    /// <summary>
    /// An association that has nothing to do or to remember goes when there are too many. True when it has gone.
    /// </summary>
    internal bool Retire(Association association) =>
        _associations.Count > Settings.MaxConnections
            && _associations.TryRemove(new KeyValuePair<Address, Association>(association.Peer, association));

    internal void OnStrangerGone() => Interlocked.Decrement(ref _strangers);

    internal void LogRefusal(string remoteName, Refusal refusal) => _refusals.Refused(remoteName, refusal, Seams.Clock.Monotonic);

    private void Finish()
    {
        foreach (var caller in _callers.Values)
            CloseCurrent(caller, new Refusal(RefusalReason.ShuttingDown, "the system shuts down"));
        Publish(new RemotingShutdownEvent());
        Executor.Shutdown();
    }

    private void Forget(InboundPeer peer)
    {
        lock (peer.Gate)
        {
            _gone.Remove(peer);
            if (peer.Current is not null)
                return;
            peer.IsForgotten = true;
            _callers.TryRemove(new KeyValuePair<Address, InboundPeer>(peer.Address, peer));
        }
    }

    private bool TryAccept(InboundConnection connection, Hello hello, out InboundPeer peer, out InboundConnection? displaced)
    {
        while (true)
        {
            peer = _callers.GetOrAdd(hello.From, static address => new InboundPeer(address));
            lock (peer.Gate)
            {
                if (peer.IsForgotten)
                    continue;
                var stale = peer.IsStale(hello.Uid, hello.Attempt);
                displaced = stale ? null : peer.Accept(connection, hello.Uid, hello.Attempt);
                if (!stale)
                    _gone.Remove(peer);
                return !stale;
            }
        }
    }

    private static string Quarantined(Address address, int uid) =>
        $"the incarnation {uid} of {address} is quarantined and must be restarted";

    private Association AssociationOf(RemoteActorRef recipient)
    {
        if (recipient.Association is { IsRetired: false } known)
            return known;
        return recipient.Association = AssociationWith(recipient.Path.Address);
    }

    private Association AssociationWith(Address address) =>
        _associations.TryGetValue(address, out var known)
            ? known
            : _associations.GetOrAdd(address, static (peer, remoting) => new Association(remoting, peer), this);

    private InboundConnection Accept(IConnection connection)
    {
        var strangers = Interlocked.Increment(ref _strangers);
        var inbound = new InboundConnection(this, connection);
        if (strangers > Settings.MaxUnauthenticatedConnections)
            inbound.Refuse(new Refusal(RefusalReason.ForeignProtocol, "too many connections wait for their handshake"));
        return inbound;
    }

    private void OnRejected(string remoteName, Exception cause) =>
        LogRefusal(remoteName, cause is UntrustedPeerException stranger
            ? new Refusal(ReasonOf(stranger.Fault), Handshake.Printable(cause.Message))
            : new Refusal(RefusalReason.ForeignProtocol, (cause.InnerException?.InnerException ?? cause.InnerException ?? cause).Message));

    private static RefusalReason ReasonOf(PeerFault fault) => fault switch
    {
        PeerFault.NoCertificate => RefusalReason.NoCertificate,
        PeerFault.OutOfTime => RefusalReason.OutOfTime,
        _ => RefusalReason.Untrusted,
    };

    private static void CloseCurrent(InboundPeer peer, Refusal refusal)
    {
        InboundConnection? current;
        lock (peer.Gate)
            current = peer.Current;
        current?.Refuse(refusal);
    }

    private static DotNettySslSetup? SslSetup(ActorSystemImpl system) =>
        system.Settings.Setup.Get<DotNettySslSetup>() is { HasValue: true } setup ? setup.Value : null;

    private static InvalidOperationException NotStarted() => new("Remoting has not been started yet.");
}
