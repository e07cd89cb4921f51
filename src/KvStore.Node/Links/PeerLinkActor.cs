using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Links;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Wire;

namespace KvStore.Node.Links;

/// <summary>
/// /user/kv/link-NODE: everything between this node and one other. Takes any message for that node from any actor here, and hands what
/// comes from there to the actor that its type is for; the answer goes back the same way. Carries out what its
/// <see cref="PeerLink{TAsk}"/> says. Parent: the node supervisor; restarted with nothing remembered: the peer is then greeted anew, and what was
/// under way ends at its askers' deadlines.
/// </summary>
public sealed class PeerLinkActor : UntypedActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PeerIdentity _self;
    private readonly PeerAddress _peer;
    private readonly LinkOptions _options;
    private readonly LinkRoutes _routes;
    private readonly LinkCounters _counters;
    private readonly PeerLink<Asked> _link;
    private readonly IActorRef _remote;
    private readonly List<LinkEffect<Asked>> _effects = [];

    public PeerLinkActor(PeerIdentity self, PeerAddress peer, LinkOptions options, LinkRoutes routes, LinkCounters counters)
    {
        (_self, _peer, _options, _routes, _counters) = (self, peer, options, routes, counters);
        _link = new PeerLink<Asked>(self, peer.Node, options, peer.NextRestart(), peer.Starts);
        _remote = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef($"{peer.Address}/user/kv/{NameOf(self.Node)}");
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(PeerIdentity self, PeerAddress peer, LinkOptions options, LinkRoutes routes, LinkCounters counters) =>
        Akka.Actor.Props.Create(() => new PeerLinkActor(self, peer, options, routes, counters));

    /// <summary>What the link to a node is called among the supervisor's children.</summary>
    public static string NameOf(NodeId node) => $"link-{node}";

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, _options.GreetEvery);
        _link.Start(Now, _effects);
        Perform();
    }

    protected override void PostStop()
    {
        _peer.IsOpen = false;
        Context.System.EventStream.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Answer answer:
                OnAnswer(answer);
                return;
            case Soon:
                _link.OnSoon(Now, _effects);
                break;
            case NodeProtocol.Batch batch:
                _link.OnBatch(batch.Content, Now, _effects);
                break;
            case Gathered:
                _link.OnGathered(Now, _effects);
                break;
            case Tick:
                _link.OnTick(Now, _effects);
                break;
            case AssociationEvent lost:
                if (lost.RemoteAddress.Equals(_peer.Address)) _link.OnConnectionLost(Now, _effects);
                break;
            case IWireMessage other:
                if (!Greeted(other)) OnMessage(other);
                break;
            default:
                Unhandled(message);
                break;
        }
        Perform();
    }

    /// <summary>Whether the message is one that links say to each other; then it is dealt with.</summary>
    private bool Greeted(IWireMessage message)
    {
        switch (message)
        {
            case NodeProtocol.Hello m:
                _link.OnHello(IdentityOf(m), Now, _effects);
                return true;
            case NodeProtocol.Welcome m:
                _link.OnWelcome(IdentityOf(m), Now, _effects);
                return true;
            case NodeProtocol.Unwelcome m:
                _link.OnUnwelcome(m.Process, m.IsForGood, m.Reason, _effects);
                return true;
            case NodeProtocol.WhoAreYou:
                _link.OnAskedWho(Now, _effects);
                return true;
            default:
                return false;
        }
    }

    /// <summary>From an actor of this node, for one of the peer's.</summary>
    private void OnMessage(IWireMessage message)
    {
        var body = WireCodec.EncodeNumbered(message);
        var isQuestion = LinkTraffic.IsAnswered(message) && !Sender.IsNobody();
        var asked = new Asked(Sender, message);
        var admission = isQuestion
            ? _link.Ask(asked, body, LinkTraffic.BudgetOf(message), Now, _effects)
            : _link.Tell(body, LinkTraffic.BudgetOf(message), Now, _effects);
        Perform();
        if (admission == LinkAdmission.Taken) return;
        _counters.OnRefused();
        if (isQuestion) Fail(asked, LinkTraffic.RefusalOf(admission), wasSent: false);
    }

    private void OnAnswer(Answer answer)
    {
        var admission = _link.Answer(answer.Question, WireCodec.EncodeNumbered(answer.Message), must: false, _effects);
        Perform();
        if (admission != LinkAdmission.Busy) return;
        _counters.OnRefused();
        Refuse(answer.Question, new ReplicaProtocol.ReplicaRefused(_self.Node, Refusal.Busy, RingEpoch.None));
        Perform();
    }

    private void Perform()
    {
        // What is carried out may add effects: an overload is answered by this link.
        for (var i = 0; i < _effects.Count; i++) Perform(_effects[i]);
        _effects.Clear();
    }

    private void Perform(LinkEffect<Asked> effect)
    {
        switch (effect)
        {
            case LinkEffect<Asked>.Send send:
                _counters.OnSent(send.Batch.Items.Length);
                _remote.Tell(new NodeProtocol.Batch(send.Batch));
                break;
            case LinkEffect<Asked>.Deliver deliver:
                Deliver(deliver);
                break;
            case LinkEffect<Asked>.Answered answered:
                if (Decode(answered.Body) is { } answer) answered.Ask.Asker.Tell(answer, ActorRefs.NoSender);
                break;
            case LinkEffect<Asked>.SendSoon:
                Self.Tell(Soon.Instance);
                break;
            case LinkEffect<Asked>.StartGather gather:
                Timers.StartSingleTimer(Gathered.Instance, Gathered.Instance, gather.After);
                break;
            case LinkEffect<Asked>.Failed failed:
                _counters.OnLost();
                Fail(failed.Ask, Refusal.Unreachable, failed.WasSent);
                break;
            case LinkEffect<Asked>.Overload overload:
                _counters.OnRefused();
                if (Decode(overload.Body) is { } question && LinkTraffic.Refuse(question, _self.Node, Refusal.Busy, wasSent: false) is { } refused)
                    Refuse(overload.Question, refused);
                break;
            case LinkEffect<Asked>.Expired expired:
                _counters.OnExpired(expired.Items);
                break;
            default:
                Greet(effect);
                break;
        }
    }

    private void Greet(LinkEffect<Asked> effect)
    {
        switch (effect)
        {
            case LinkEffect<Asked>.Greet:
                _remote.Tell(new NodeProtocol.Hello(
                    _self.Cluster, _self.Node, _self.DataSet, _self.Start, _self.Process, _self.Protocol, _self.Features, _self.Runtime));
                break;
            case LinkEffect<Asked>.Welcome:
                _remote.Tell(new NodeProtocol.Welcome(
                    _self.Cluster, _self.Node, _self.DataSet, _self.Start, _self.Process, _self.Protocol, _self.Features));
                break;
            case LinkEffect<Asked>.Refuse refuse:
                _log.Warning("Turned away at {Address}: {Reason}", _peer.Address, refuse.Reason);
                // To whoever greeted: a copy of the peer's data may be up at another place than the ring has for the peer.
                (Sender.IsNobody() ? _remote : Sender).Tell(
                    new NodeProtocol.Unwelcome(_self.Cluster, _self.Node, refuse.Process, refuse.IsForGood, refuse.Reason));
                break;
            case LinkEffect<Asked>.TurnedAway turned:
                Context.Parent.Tell(new TurnedAway(_peer.Node, turned.Reason));
                break;
            case LinkEffect<Asked>.AskWho:
                _remote.Tell(new NodeProtocol.WhoAreYou(_self.Cluster, _self.Node));
                break;
            case LinkEffect<Asked>.Opened opened:
                _peer.IsOpen = true;
                _log.Info("The line to {Node} at {Address} is open (its start {Start})", _peer.Node, _peer.Address, opened.Peer.Start);
                Remember(opened.Peer);
                break;
            case LinkEffect<Asked>.Closed closed:
                _peer.IsOpen = false;
                _log.Info("No line to {Node} at {Address}: {Reason}", _peer.Node, _peer.Address, closed.Reason);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>So that an older process of the peer, or a copy of its data, is turned away after a restart of this node too.</summary>
    private void Remember(PeerIdentity peer) => _routes.Storage?.Tell(new StorageProtocol.Keep(new StorageProtocol.DataWrite(
        DataKeys.PeerStart(peer.Node), new PeerStartRecord(peer.DataSet, peer.Start, peer.Process).ToBytes())));

    private void Deliver(LinkEffect<Asked>.Deliver deliver)
    {
        if (Decode(deliver.Body) is not { } message) return;
        var target = _routes.For(message);
        if (target is null) _log.Debug("Nobody here takes {Message}", message.GetType().Name);
        else target.Tell(message, deliver.Kind == LinkItemKind.Ask ? new AnswerRef(Self, deliver.Question) : ActorRefs.NoSender);
    }

    private void Refuse(LinkQuestion question, IWireMessage refusal) =>
        _link.Answer(question, WireCodec.EncodeNumbered(refusal), must: true, _effects);

    private void Fail(Asked asked, Refusal refusal, bool wasSent)
    {
        if (LinkTraffic.Refuse(asked.Message, _peer.Node, refusal, wasSent) is { } refused) asked.Asker.Tell(refused, ActorRefs.NoSender);
    }

    /// <summary>From bytes of its own: what a message holds of them must not keep a whole batch in memory.</summary>
    private IWireMessage? Decode(ReadOnlyMemory<byte> body)
    {
        try
        {
            return WireCodec.DecodeNumbered(body.ToArray());
        }
        catch (WireFormatException problem)
        {
            _log.Warning("A message from {Node} was dropped: {Problem}", _peer.Node, problem.Message);
            return null;
        }
    }

    private static PeerIdentity IdentityOf(NodeProtocol.Hello m) =>
        new(m.Cluster, m.Node, m.DataSet, m.Start, m.Process, m.Protocol, m.Features, m.Runtime);

    private PeerIdentity IdentityOf(NodeProtocol.Welcome m) =>
        new(m.Cluster, m.Node, m.DataSet, m.Start, m.Process, m.Protocol, m.Features, _self.Runtime);

    /// <summary>To the parent: the peer wants this process and its data to stay out for good, and says why.</summary>
    public sealed record TurnedAway(NodeId By, string Reason);

    /// <summary>An answer of this node to a question of the peer.</summary>
    internal sealed record Answer(LinkQuestion Question, IWireMessage Message);

    private readonly record struct Asked(IActorRef Asker, IWireMessage Message);

    private sealed class Soon
    {
        public static readonly Soon Instance = new();
    }

    private sealed class Gathered
    {
        public static readonly Gathered Instance = new();
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
