using System.Buffers.Binary;
using KvStore.Core.Identity;
using KvStore.Core.Links;

namespace KvStore.Core.Tests.Links;

/// <summary>
/// Two nodes and the line between them: in order, late by a little, cut and restarted at will, clocks that disagree. Each side answers a
/// question with its number; everything that becomes of a question is written down.
/// </summary>
internal sealed class LinkWorld
{
    private readonly Random _random;
    private readonly PriorityQueue<Action, (TimeSpan Due, long Order)> _events = new();
    private long _order;
    private ulong _processes = 0x1000;

    public LinkWorld(int seed, LinkOptions? options = null)
    {
        (_random, Options) = (new Random(seed), options ?? new LinkOptions());
        (Left, Right) = (new Side(this, 1), new Side(this, 2));
        (Left.Other, Right.Other) = (Right, Left);
    }

    public LinkOptions Options { get; }

    public Side Left { get; }

    public Side Right { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>While true, what is sent is lost.</summary>
    public bool IsCut { get; private set; }

    /// <summary>How long a message takes, and how long an answer is worked on.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>How many batches were sent, and messages in them.</summary>
    public (long Batches, long Items) Traffic { get; private set; }

    public int Next(int below) => _random.Next(below);

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, ++_order));

    public void RunFor(TimeSpan time)
    {
        var end = Now + time;
        while (_events.TryPeek(out _, out var first) && first.Due <= end)
        {
            var action = _events.Dequeue();
            Now = first.Due;
            action();
        }

        Now = end;
    }

    /// <summary>The connection breaks; both sides are told.</summary>
    public void Cut()
    {
        IsCut = true;
        foreach (var side in new[] { Left, Right })
            side.Do((link, now, effects) => link.OnConnectionLost(now, effects));
    }

    public void Mend() => IsCut = false;

    /// <summary>One node of the two, and its link to the other.</summary>
    public sealed class Side(LinkWorld world, ulong node)
    {
        private PeerLink<long> _link = null!;
        private ulong _lost;
        private uint _starts;
        private ulong _process;
        private TimeSpan _clock;
        private TimeSpan _arrived;

        public Side Other { get; set; } = null!;

        /// <summary>What became of each question: answered, failed, or dropped by the receiver.</summary>
        public Dictionary<long, List<string>> Fates { get; } = [];

        /// <summary>Questions that reached this side, with when they were sent and their budget.</summary>
        public List<(long Ask, TimeSpan SentAt, TimeSpan Budget)> Heard { get; } = [];

        public List<string> Notices { get; } = [];

        public List<LinkBatch> Sent { get; } = [];

        public PeerLink<long> Link => _link;

        public bool Answers { get; set; } = true;

        /// <summary>Whether its process was told to stay out for good.</summary>
        public bool IsTurnedAway { get; private set; }

        private PeerIdentity Identity => new(new ClusterId(1, 1), new NodeId(9, node), 100 * node + _lost, _starts, _process, 1, 0, "test");

        public void Start(ClusterId? cluster = null, bool countUp = true)
        {
            _starts += countUp ? 1u : 0;
            _process = ++world._processes;
            _clock = TimeSpan.FromSeconds(world.Next(100_000));
            var identity = cluster is { } other ? Identity with { Cluster = other } : Identity;
            var link = _link = new PeerLink<long>(identity, new NodeId(9, 3 - node), world.Options);
            Do((started, now, effects) => started.Start(now, effects));
            Tick(link);
        }

        /// <summary>The node's data is lost: it will start with other data, whose starts are counted anew.</summary>
        public void Wipe() => (_lost, _starts) = (_lost + 1, 0);

        /// <summary>Asks; the question's bytes are its number, when it was asked, and padding.</summary>
        public LinkAdmission Ask(long ask, TimeSpan budget, int padding = 0)
        {
            var body = new byte[24 + padding];
            BinaryPrimitives.WriteInt64LittleEndian(body, ask);
            BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(8), world.Now.Ticks);
            BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(16), budget.Ticks);
            Fates.Add(ask, []);
            var admission = LinkAdmission.Taken;
            Do((link, now, effects) => admission = link.Ask(ask, body, budget, now, effects));
            if (admission != LinkAdmission.Taken)
                Fates[ask].Add($"{admission}");
            return admission;
        }

        public void Do(Action<PeerLink<long>, TimeSpan, List<LinkEffect<long>>> step)
        {
            var effects = new List<LinkEffect<long>>();
            step(_link, _clock + world.Now, effects);
            foreach (var effect in effects)
                Perform(effect);
        }

        private void Tick(PeerLink<long> link)
        {
            if (link != _link)
                return;
            Do((ticked, now, effects) => ticked.OnTick(now, effects));
            world.After(world.Options.GreetEvery, () => Tick(link));
        }

        private void Perform(LinkEffect<long> effect)
        {
            var link = _link;
            switch (effect)
            {
                case LinkEffect<long>.Greet:
                    var greeting = Identity;
                    Send((peer, now, effects) => peer.OnHello(greeting, now, effects));
                    break;
                case LinkEffect<long>.Welcome:
                    var welcome = Identity;
                    Send((peer, now, effects) => peer.OnWelcome(welcome, now, effects));
                    break;
                case LinkEffect<long>.Refuse refuse:
                    Send((peer, _, effects) => peer.OnUnwelcome(refuse.Process, refuse.IsForGood, refuse.Reason, effects));
                    break;
                case LinkEffect<long>.TurnedAway:
                    IsTurnedAway = true;
                    break;
                case LinkEffect<long>.AskWho:
                    Send((peer, now, effects) => peer.OnAskedWho(now, effects));
                    break;
                case LinkEffect<long>.Send send:
                    Sent.Add(send.Batch);
                    world.Traffic = (world.Traffic.Batches + 1, world.Traffic.Items + send.Batch.Items.Length);
                    Send((peer, now, effects) => peer.OnBatch(send.Batch, now, effects));
                    break;
                case LinkEffect<long>.StartGather gather:
                    world.After(gather.After, () => DoIf(link, (l, now, effects) => l.OnGathered(now, effects)));
                    break;
                case LinkEffect<long>.SendSoon:
                    world.After(TimeSpan.Zero, () => DoIf(link, (l, now, effects) => l.OnSoon(now, effects)));
                    break;
                case LinkEffect<long>.Deliver deliver:
                    Hear(link, deliver);
                    break;
                case LinkEffect<long>.Overload overload:
                    Do((l, _, effects) => l.Answer(overload.Question, Array.Empty<byte>(), must: true, effects));
                    break;
                case LinkEffect<long>.Answered answered:
                    var number = answered.Body.IsEmpty ? -1 : BinaryPrimitives.ReadInt64LittleEndian(answered.Body.Span);
                    Fates[answered.Ask].Add(number == answered.Ask ? "answered" : number == -1 ? "overload" : $"answered as {number}");
                    break;
                case LinkEffect<long>.Failed failed:
                    Fates[failed.Ask].Add(failed.WasSent ? "lost" : "undone");
                    break;
                case LinkEffect<long>.Expired expired:
                    Notices.Add($"expired {expired.Items}");
                    break;
                case LinkEffect<long>.Opened:
                    Notices.Add("opened");
                    break;
                case LinkEffect<long>.Closed closed:
                    Notices.Add(closed.Reason);
                    break;
            }
        }

        private void Hear(PeerLink<long> link, LinkEffect<long>.Deliver deliver)
        {
            var span = deliver.Body.Span;
            Heard.Add((BinaryPrimitives.ReadInt64LittleEndian(span),
                TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(span[8..])),
                TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(span[16..]))));
            if (!Answers)
                return;
            var answer = deliver.Body[..8].ToArray();
            world.After(world.Latency, () => DoIf(
                link, (l, _, effects) => l.Answer(deliver.Question, answer, must: false, effects)));
        }

        private void DoIf(PeerLink<long> link, Action<PeerLink<long>, TimeSpan, List<LinkEffect<long>>> step)
        {
            if (link == _link)
                Do(step);
        }

        /// <summary>In order, as a connection is; what is under way when it breaks is lost.</summary>
        private void Send(Action<PeerLink<long>, TimeSpan, List<LinkEffect<long>>> receive)
        {
            if (world.IsCut)
                return;
            var due = world.Now + world.Latency * (0.5 + world.Next(1000) / 1000.0);
            _arrived = due > _arrived ? due : _arrived;
            world.After(_arrived - world.Now, () =>
            {
                if (!world.IsCut && Other._link is not null)
                    Other.Do(receive);
            });
        }
    }
}
