namespace Troupe.Simulation;

/// <summary>
/// One direction of a stream as TCP carries it: bytes arrive in order, or the stream breaks. Where the line is cut they wait and
/// are sent again after 200 ms, 400 ms and so on up to every 20 s, so that they come late, in a burst, some time after the heal.
/// Invariants:
/// <list type="number">
/// <item>At most one attempt to deliver is planned: for the oldest segment, at the rate that the line has then.</item>
/// <item>No more than the window is on its way; a write beyond it completes when there is room again.</item>
/// </list>
/// </summary>
internal sealed class SimulatedFlow(World world, SimulatedConnection sender, SimulatedConnection receiver)
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(20);

    /// <summary>A kernel gives up on a stream that nobody acknowledges after about this long.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(924);

    private readonly Queue<Segment> _underWay = [];
    private readonly Queue<Segment> _arrived = [];
    private readonly SimulatedLink _link = world.Network.Link(sender.Process.Node, receiver.Process.Node);
    private OutstandingWrite? _write;
    private long _pending;
    private SimulationEvent? _plan;
    private bool _ended;
    private TimeSpan _lastArrival;
    private TimeSpan _backOff;
    private TimeSpan _stalledSince;

    private SimulationRandom Random => world.Network.Random;

    public void Write(ReadOnlyMemory<byte> bytes, Action<Exception?> completed)
    {
        if (_write is not null) throw new InvalidOperationException("A write is outstanding. Wait for its completion.");
        _write = new OutstandingWrite(bytes, SimulationTrace.HashOf(bytes.Span), completed);
        Send(new Segment(bytes.ToArray(), End: false, Cause: null), TimeSpan.Zero);
        CompleteWrite();
    }

    /// <summary>Nothing follows what was written; the receiver is told once it has that, and <paramref name="later"/>.</summary>
    public void End(Exception? cause, TimeSpan later)
    {
        if (_ended) return;
        _ended = true;
        foreach (var segment in _underWay) segment.Ready += later;
        Replan();
        Send(new Segment([], End: true, cause), later);
    }

    /// <summary>The line has become faster or slower, or its segments later: what was planned is void.</summary>
    public void Replan()
    {
        if (_plan is null || _backOff > TimeSpan.Zero) return;
        _plan.Cancel();
        PlanNext();
    }

    public void Discard()
    {
        _ended = true;
        _underWay.Clear();
        _arrived.Clear();
    }

    public void FailWrite(Exception cause)
    {
        if (_write is { IsCompleting: false } write) Complete(write, cause);
    }

    /// <summary>Gives the receiver what has arrived, as a step of its process.</summary>
    public void HandOver()
    {
        if (_arrived.Count > 0 && receiver.IsReading)
            world.Enqueue(new SimulationEvent(StepKind.Received, receiver.Process, "bytes", _ => Receive(), null), TimeSpan.Zero);
    }

    private void Send(Segment segment, TimeSpan later)
    {
        _pending += segment.Bytes.Length;
        segment.Ready = world.Now + _link.Options.Draw(Random) + later;
        _underWay.Enqueue(segment);
        if (_plan is null) PlanNext();
    }

    private TimeSpan ArrivalOf(Segment segment) =>
        (segment.Ready > _lastArrival ? segment.Ready : _lastArrival) + _link.Options.TimeToSend(segment.Bytes.Length);

    private void PlanNext()
    {
        if (_underWay.TryPeek(out var next)) Plan(ArrivalOf(next));
    }

    private void Plan(TimeSpan at)
    {
        var delay = at > world.Now ? at - world.Now : TimeSpan.Zero;
        // A stalled line is no activity: the run may be quiet although bytes are held back.
        var kind = _backOff > TimeSpan.Zero ? StepKind.Wire : StepKind.Received;
        _plan = new SimulationEvent(kind, null, "arrival", _ => Arrive(), null);
        world.Enqueue(_plan, delay);
    }

    private void Arrive()
    {
        _plan = null;
        if (_underWay.Count == 0) return;
        if (_link.CloggedUntil > world.Now) Plan(_link.CloggedUntil);
        else if (_link.IsCut || receiver.Process.Node.IsSilent) BackOff();
        else if (receiver.Process.IsDead || receiver.IsClosed) Refuse();
        else Deliver();
    }

    private void BackOff()
    {
        if (_backOff == TimeSpan.Zero) _stalledSince = world.Now;
        if (world.Now - _stalledSince > GiveUpAfter)
        {
            Discard();
            if (!sender.Process.IsDead) sender.PeerEnded(new IOException("nothing was acknowledged for a quarter of an hour"));
            return;
        }
        _backOff = _backOff == TimeSpan.Zero ? FirstBackOff : _backOff * 2 < MaxBackOff ? _backOff * 2 : MaxBackOff;
        Plan(world.Now + _backOff);
    }

    /// <summary>The receiver's kernel knows no such stream: it answers bytes with a reset.</summary>
    private void Refuse()
    {
        var data = _underWay.Any(s => !s.End);
        Discard();
        if (data && !sender.Process.IsDead) sender.PeerEnded(new IOException("the connection was reset by the peer"));
    }

    private void Deliver()
    {
        _backOff = TimeSpan.Zero;
        do
        {
            _arrived.Enqueue(_underWay.Dequeue());
            _lastArrival = world.Now;
        }
        while (_underWay.TryPeek(out var next) && ArrivalOf(next) <= world.Now);
        HandOver();
        PlanNext();
    }

    private void Receive()
    {
        while (receiver.IsReading && _arrived.TryDequeue(out var segment))
        {
            if (segment.End)
            {
                receiver.PeerEnded(segment.Cause);
                return;
            }
            _pending -= segment.Bytes.Length;
            HandOut(segment.Bytes);
            CompleteWrite();
        }
    }

    private void HandOut(byte[] bytes)
    {
        world.Trace(StepKind.Received, receiver.Process.Node.Index, "received", SimulationTrace.HashOf(bytes));
        var cut = bytes.Length > 1 && Random.Chance(world.Options.FragmentProbability) ? 1 + Random.Next(bytes.Length - 1) : 0;
        if (cut > 0) receiver.Received(bytes.AsSpan(0, cut));
        if (receiver.IsReading) receiver.Received(bytes.AsSpan(cut));
        // Whoever kept the span reads rubbish from now on, in every run.
        Array.Fill(bytes, (byte)0xDD);
    }

    private void CompleteWrite()
    {
        if (_write is { IsCompleting: false } write && _pending <= world.Options.StreamWindow) Complete(write, null);
    }

    private void Complete(OutstandingWrite write, Exception? result)
    {
        write.IsCompleting = true;
        sender.Later(StepKind.Written, "written", () =>
        {
            _write = null;
            if (SimulationTrace.HashOf(write.Bytes.Span) != write.Hash)
                throw new InvalidOperationException("The bytes of a write were changed before its completion.");
            write.Completed(result);
        });
    }

    /// <summary>The bytes are the stream's until the completion has run; the hash shows whether the owner kept to that.</summary>
    private sealed record OutstandingWrite(ReadOnlyMemory<byte> Bytes, ulong Hash, Action<Exception?> Completed)
    {
        public bool IsCompleting { get; set; }
    }

    private sealed record Segment(byte[] Bytes, bool End, Exception? Cause)
    {
        /// <summary>When it is at the far end of an otherwise idle line of endless speed.</summary>
        public TimeSpan Ready { get; set; }
    }
}
