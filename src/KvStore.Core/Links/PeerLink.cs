using System.Collections.Immutable;
using KvStore.Core.Identity;
using KvStore.Core.Membership;

namespace KvStore.Core.Links;

/// <summary>
/// This node's side of everything between it and one peer: who the peer is, what goes to it and what comes from it. Both sides greet
/// first; messages then travel in batches, which acknowledge each other. Owner: the link's actor; not thread-safe.
/// <para>Invariants: (1) nothing is sent to, or taken from, a process that was not admitted: one of another cluster or runtime, with other data
/// than the node was seen with, or with a start number at or below one seen; the latter two are told that it is for good; (2) a peer that
/// does not greet back within twice <see cref="LinkOptions.GreetEvery"/> makes every message fail at once: nobody waits for it; (3) when the
/// line breaks, each question ends as failed, said to be undone or not; (4) both directions are bounded, and past the bound a message is
/// refused at once.</para>
/// </summary>
/// <param name="self">Who this process is.</param>
/// <param name="peer">Whom it is linked with.</param>
/// <param name="options">Bounds and times.</param>
/// <param name="restarts">How often this process has lost the link's state before.</param>
/// <param name="starts">The starts of the peer that are known already; outlives the link.</param>
/// <typeparam name="TAsk">What the driver keeps of a question until it is answered.</typeparam>
public sealed class PeerLink<TAsk>(PeerIdentity self, NodeId peer, LinkOptions options, uint restarts = 0, PeerStarts? starts = null)
{
    private readonly PeerStarts _starts = starts ?? new PeerStarts();
    private readonly OutgoingLine<TAsk> _outgoing = new(options, restarts);
    private readonly List<LinkItem> _taken = [];
    private IncomingLine<TAsk> _incoming = new(options);
    private PeerIdentity? _peer;
    private State _state = State.Greeting;
    private TimeSpan _greetingSince;
    private bool _sendsSoon;
    private bool _gathers;
    private bool _askedWho;

    private enum State : byte
    {
        Greeting,
        Open,
        Closed,
    }

    /// <summary>Whether the peer has greeted back, and the line has not broken since.</summary>
    public bool IsOpen => _state == State.Open;

    /// <summary>Questions that wait for the peer's answer.</summary>
    public int Asks => _outgoing.Asks;

    /// <summary>Questions of the peer that wait for this node's answer.</summary>
    public int Unanswered => _incoming.Unanswered;

    /// <summary>Begins: greets.</summary>
    public void Start(TimeSpan now, List<LinkEffect<TAsk>> effects) => Greet(now, effects);

    /// <summary>A question for the peer. What is not taken was not sent.</summary>
    /// <param name="ask">Comes back with the answer, or with the failure.</param>
    /// <param name="body">The message.</param>
    /// <param name="budget">How long somebody waits for the answer.</param>
    /// <param name="now">The monotonic clock.</param>
    /// <param name="effects">What to do.</param>
    public LinkAdmission Ask(TAsk ask, ReadOnlyMemory<byte> body, TimeSpan budget, TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        if (_state == State.Closed)
            return LinkAdmission.Unreachable;
        if (!_outgoing.HasRoomForAsk(body.Length))
            return LinkAdmission.Busy;
        _outgoing.Ask(ask, now + (budget < options.MaxWait ? budget : options.MaxWait), body);
        SendSoon(effects);
        return LinkAdmission.Taken;
    }

    /// <summary>A message for the peer that it does not answer as such; what is older than <paramref name="budget"/> is not delivered.</summary>
    public LinkAdmission Tell(ReadOnlyMemory<byte> body, TimeSpan budget, TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        if (_state == State.Closed)
            return LinkAdmission.Unreachable;
        if (!_outgoing.HasRoom(body.Length))
            return LinkAdmission.Busy;
        _outgoing.Enqueue(LinkItem.Of(LinkItemKind.Tell, 0, now + budget, body));
        SendSoon(effects);
        return LinkAdmission.Taken;
    }

    /// <summary>
    /// This node's answer to a question that was delivered; nothing happens if nobody waits for it any more. Busy: there is no room for it;
    /// then answer with a refusal, which <paramref name="must"/> go.
    /// </summary>
    public LinkAdmission Answer(
        LinkQuestion question, ReadOnlyMemory<byte> body, bool must, List<LinkEffect<TAsk>> effects)
    {
        if (_state == State.Closed || question.Process != _peer?.Process)
            return LinkAdmission.Unreachable;
        if (!must && !_outgoing.HasRoom(body.Length))
            return LinkAdmission.Busy;
        if (!_incoming.TryAnswer(question.Correlation) && !must)
            return LinkAdmission.Taken;
        _outgoing.Enqueue(LinkItem.Of(LinkItemKind.Answer, question.Correlation, TimeSpan.MaxValue, body));
        SendSoon(effects);
        return LinkAdmission.Taken;
    }

    /// <summary>The peer greets.</summary>
    public void OnHello(PeerIdentity other, TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        if (Refusal(other, out var isForGood) is { } reason)
        {
            effects.Add(new LinkEffect<TAsk>.Refuse(other.Process, isForGood, reason));
            return;
        }

        Meet(other, now, effects);
        effects.Add(new LinkEffect<TAsk>.Welcome());
        if (!IsOpen)
            Greet(now, effects);
    }

    /// <summary>The peer answers our greeting.</summary>
    public void OnWelcome(PeerIdentity other, TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        if (Refusal(other, out _) is { } reason)
        {
            Close(reason, effects);
            return;
        }

        Meet(other, now, effects);
        if (!IsOpen)
            effects.Add(new LinkEffect<TAsk>.Opened(other));
        _state = State.Open;
        Pump(now, effects);
    }

    /// <summary>The peer does not want a process that greeted it: this one, unless an earlier or a second one of this node did.</summary>
    public void OnUnwelcome(ulong process, bool isForGood, string reason, List<LinkEffect<TAsk>> effects)
    {
        if (process != self.Process)
            return;
        Close(reason, effects);
        if (isForGood)
            effects.Add(new LinkEffect<TAsk>.TurnedAway(reason));
    }

    /// <summary>The peer knows nothing of this process: what was sent to it is lost.</summary>
    public void OnAskedWho(TimeSpan now, List<LinkEffect<TAsk>> effects) => Break("the peer has started anew", now, effects);

    /// <summary>The connection is lost, or none could be made: then there is nothing to wait for.</summary>
    public void OnConnectionLost(TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        if (IsOpen)
            Break("the connection is lost", now, effects);
        else if (_state == State.Greeting && now > _greetingSince)
            Close("it cannot be reached", effects);
    }

    /// <summary>A batch came.</summary>
    public void OnBatch(LinkBatch batch, TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        if (_peer is null || batch.Process != _peer.Process || batch.To != self.Process)
        {
            if (!_askedWho)
                effects.Add(new LinkEffect<TAsk>.AskWho());
            _askedWho = true;
            return;
        }

        var expired = _incoming.OnBatch(batch, now, _taken, effects);
        foreach (var item in _taken)
            Take(item, effects);
        _taken.Clear();
        if (expired > 0)
            effects.Add(new LinkEffect<TAsk>.Expired(expired, WereSent: true));
        _outgoing.OnAcknowledged(batch.Acknowledged);
        if (_incoming.OwesAck || !_outgoing.IsEmpty)
            SendSoon(effects);
    }

    /// <summary>What had waited for the driver is dealt with: all of it goes, and an acknowledgement still owed on its own.</summary>
    public void OnSoon(TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        _sendsSoon = false;
        Pump(now, effects);
        if (IsOpen && _incoming.OwesAck)
            Send(0, wantsAck: false, [], now, effects);
    }

    /// <summary>Gathering has lasted long enough, or something is to be tried again.</summary>
    public void OnGathered(TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        _gathers = false;
        Pump(now, effects);
    }

    /// <summary>Every <see cref="LinkOptions.GreetEvery"/>: greets again where that is needed, and forgets what nobody waits for.</summary>
    public void OnTick(TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        _askedWho = false;
        _incoming.Expire(now);
        _outgoing.Expire(now);
        if (_state == State.Greeting && now - _greetingSince >= 2 * options.GreetEvery)
            Close("it does not answer", effects);
        if (!IsOpen)
            effects.Add(new LinkEffect<TAsk>.Greet());
    }

    /// <param name="other">Who greets.</param>
    /// <param name="isForGood">Whether nothing that happens later could let this process or its data in.</param>
    private string? Refusal(PeerIdentity other, out bool isForGood)
    {
        isForGood = false;
        if (other.Node != peer)
            return $"node {other.Node} was taken for {peer}: its address is another's in the ring";
        if (other.Cluster != self.Cluster)
            return $"node {self.Node} is of cluster {self.Cluster}, node {other.Node} of {other.Cluster}: two clusters never merge";
        if (other.Protocol == 0)
            return $"node {other.Node} speaks no version of the protocol";
        if (other.Runtime.Length > 0 && other.Runtime != self.Runtime)
            return $"node {self.Node} stands on {self.Runtime}, node {other.Node} on {other.Runtime}: a cluster stands on one runtime";
        var admission = _starts.Admit(other.Node, other.DataSet, other.Start, other.Process);
        isForGood = admission != PeerAdmission.Admitted;
        return admission switch
        {
            PeerAdmission.OtherData => $"node {other.Node} was seen with other data than it has now: what it voted and acknowledged with that is "
                + "forgotten, or two nodes have one id. This data must not speak for it",
            PeerAdmission.EarlierStart => $"node {other.Node} was seen with a later start than {other.Start}, or with another process of that "
                + "start: an old process, or a copy of its data, must not speak for it",
            _ => null,
        };
    }

    /// <summary>A process that was not met before: whatever was between us and an earlier one is over.</summary>
    private void Meet(PeerIdentity other, TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        if (_peer?.Process == other.Process)
            return;
        var isFirst = _peer is null;
        _peer = other;
        _incoming = new IncomingLine<TAsk>(options);
        if (!isFirst && IsOpen)
            Break("the peer has started anew", now, effects);
    }

    private void Take(LinkItem item, List<LinkEffect<TAsk>> effects)
    {
        if (item.Kind != LinkItemKind.Answer)
            effects.Add(new LinkEffect<TAsk>.Deliver(item.Kind, new LinkQuestion(_peer!.Process, item.Correlation), item.Body));
        else if (_outgoing.TryEnd(item.Correlation, out var ask))
            effects.Add(new LinkEffect<TAsk>.Answered(ask!, item.Body));
    }

    private void SendSoon(List<LinkEffect<TAsk>> effects)
    {
        if (_sendsSoon)
            return;
        _sendsSoon = true;
        effects.Add(LinkEffect<TAsk>.SendSoon.Instance);
    }

    private void Pump(TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        if (!IsOpen)
            return;
        var expired = 0;
        while (_outgoing.Next(now, ref expired) is { } next)
            Send(next.Number, next.WantsAck, next.Items, now, effects);
        if (expired > 0)
            effects.Add(new LinkEffect<TAsk>.Expired(expired, WereSent: false));
        if (_gathers || _outgoing.GatherUntil is not { } until)
            return;
        _gathers = true;
        effects.Add(new LinkEffect<TAsk>.StartGather(until - now));
    }

    private void Send(ulong number, bool wantsAck, ImmutableArray<LinkItem> items, TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        _incoming.OwesAck = false;
        effects.Add(new LinkEffect<TAsk>.Send(
            new LinkBatch(self.Process, _peer!.Process, number, _incoming.Received, wantsAck, now, items)));
    }

    private void Greet(TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        (_state, _greetingSince) = (State.Greeting, now);
        effects.Add(new LinkEffect<TAsk>.Greet());
    }

    private void Break(string reason, TimeSpan now, List<LinkEffect<TAsk>> effects)
    {
        _outgoing.Break(effects);
        effects.Add(new LinkEffect<TAsk>.Closed(reason));
        Greet(now, effects);
    }

    private void Close(string reason, List<LinkEffect<TAsk>> effects)
    {
        _outgoing.Clear(effects);
        if (_state != State.Closed)
            effects.Add(new LinkEffect<TAsk>.Closed(reason));
        _state = State.Closed;
    }
}
