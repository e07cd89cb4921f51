using System.Collections.Immutable;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Buckets;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Links;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Core.Replication;

namespace KvStore.Wire.Tests;

/// <summary>At least one message of each type and of each kind within a type, with every field set to something of its own.</summary>
internal static class WireSamples
{
    private static readonly NodeId A = new(0x1111_2222_3333_4444, 1);
    private static readonly NodeId B = new(0x5555_6666_7777_8888, 2);
    private static readonly ClusterId Cluster = new(0xC1, 0xC2);
    private static readonly RingEpoch Epoch = new(1, 300);
    private static readonly PartitionId Partition = new(217);
    private static readonly RequestId Request = new(0xABCDEF, 7);
    private static readonly BucketKey Key = new(BucketName.Create("users"), Core.Identity.Key.Of("ada"));
    private static readonly BucketKey Later = new(BucketName.Create("users"), Core.Identity.Key.Of("alan"));
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(4_321);
    private static readonly Ballot Low = new(Epoch, 4, A, 9);
    private static readonly Ballot High = new(Epoch, 5, B, 3);
    private static readonly byte[] Data = [1, 2, 3];
    private static readonly Dot Dot = new(Incarnation.Of(A, 2, 1), 17);
    private static readonly SiblingSet State = SiblingSet.Empty
        .Update(VersionVector.Empty, Sibling.OfValue(Dot, Data).With(Request, new HybridTimestamp(99), 1_700_000_000_000))
        .Update(VersionVector.Empty, Sibling.Tombstone(new Dot(Incarnation.Of(B, 1, 1), 5)));
    private static readonly RegisterValue Value = new(Data, 12, [new RecentRequest(Request, 12)]);
    private static readonly Ring Settled = RingPlanner.Create(
        Cluster, [new RingMember(A, "a:4053", "r1", 100, RingMemberStatus.Valid), RingMember.Of(B, "b:4053", "r2")], 64, 2);
    private static readonly HandoffId Handoff = new(Partition, A, B, Epoch);

    public static IEnumerable<(string Name, IWireMessage Message)> All =>
        [.. Replica(), .. Client(), .. Registers(), .. Exchanges(), .. Nodes(), .. RingLogs(), .. Transfers()];

    /// <summary>A ring with a change under way and a removed node.</summary>
    public static Ring Changing()
    {
        var newcomer = new RingMember(new NodeId(9, 9), "c:4053", "r3", 100, RingMemberStatus.Valid);
        RingPlanner.Plan(Settled, [new RingChange.Replace(A, newcomer)], null, out var plan);
        var next = plan!.Next;
        return new Ring(
            next.Cluster, next.Epoch, 2, next.Members, next.Owners, next.NextOwners, next.Phases, [new NodeId(7, 7)], Buckets(next.Epoch));
    }

    /// <summary>Buckets of each kind, and one that was dropped.</summary>
    private static BucketCatalogue Buckets(RingEpoch at) => new(
        [
            BucketDefinition.Default(2),
            new BucketDefinition(
                BucketName.Create("sessions"), RingEpoch.First, BucketPolicy.LastWriterWins,
                Quorum.Create(2, 1, 2, pr: 1, pw: 2, dw: 1, sloppy: false), TimeSpan.FromMinutes(30)),
            new BucketDefinition(
                BucketName.Create("users"), at, BucketPolicy.Strong, Quorum.OfMajorities(2, sloppy: false), null),
        ],
        [new DroppedBucket(BucketName.Create("users"), RingEpoch.First, at)]);

    /// <summary>A put of one kilobyte, as clients send most of.</summary>
    public static ClientProtocol.Put Kilobyte() =>
        new(Request, new BucketKey(BucketName.Default, Core.Identity.Key.Of("user:1234567890")), new byte[1024], Budget);

    private static IEnumerable<(string Name, IWireMessage Message)> Replica() =>
    [
        ("store", new ReplicaProtocol.StoreReplica(Epoch, Partition, Key, State, B, Budget)),
        ("store-owner", new ReplicaProtocol.StoreReplica(Epoch, Partition, Key, SiblingSet.Empty, null, TimeSpan.Zero)),
        ("read", new ReplicaProtocol.ReadReplica(Epoch, Partition, Key, Budget)),
        ("stored", new ReplicaProtocol.ReplicaStored(A, true)),
        ("answer", new ReplicaProtocol.ReplicaRead(A, ReadAnswer.Found(State, provisional: true))),
        ("refused", new ReplicaProtocol.ReplicaRefused(A, Refusal.StaleEpoch, Epoch)),
        ("fence", new ReplicaProtocol.FenceReplica(Epoch, Partition)),
        ("fenced", new ReplicaProtocol.ReplicaFenced(A, Partition, Epoch)),
        ("fill", new ReplicaProtocol.FillReplica(Epoch, Partition, [A, B])),
        ("filled", new ReplicaProtocol.ReplicaFilled(A, Partition, Epoch)),
        ("reaffirm", new ReplicaProtocol.ReaffirmKeys(Epoch, Partition)),
        ("reaffirmed", new ReplicaProtocol.KeysReaffirmed(A, Partition, Epoch)),
        ("ask-reap", new ReplicaProtocol.AskReap(Epoch, Partition, [new KeyHash(Key, 0x0102030405060708)])),
        ("reap-agreed", new ReplicaProtocol.ReapAgreed(A, Partition, [Key])),
        ("list", new ReplicaProtocol.ListReplica(Epoch, Partition, Key.Bucket, new ScanPosition(1UL << 51), 500, Budget)),
        ("listed", new ReplicaProtocol.ReplicaListed(A, new KeyPage([Key.Key, Core.Identity.Key.Of("b")], new ScanPosition(77)))),
        ("listed-last", new ReplicaProtocol.ReplicaListed(A, new KeyPage([], null))),
        ("commit-reap", new ReplicaProtocol.CommitReap(Epoch, Partition, [new KeyHash(Key, 1)])),
        ("ask-seen", new ReplicaProtocol.AskSeen(Epoch, Partition)),
        ("seen-is", new ReplicaProtocol.SeenIs(A, Partition, Incarnation.Of(A, 3, 4), VersionVector.Of(new Dot(Incarnation.Of(B, 1, 2), 300)))),
        ("adopt-origins", new ReplicaProtocol.AdoptOrigins(
            Epoch, Partition, Incarnation.Of(A, 3, 4), VersionVector.Of(new Dot(Incarnation.Of(B, 1, 2), 300)))),
        ("origins-adopted", new ReplicaProtocol.OriginsAdopted(A, Partition)),
    ];

    private static IEnumerable<(string Name, IWireMessage Message)> Client() =>
    [
        ("get", new ClientProtocol.Get(Request, Key, Budget)),
        ("get-options", new ClientProtocol.Get(Request, Key, Budget) { Quorum = Quorum.Create(3, 2, 2, 1), Monotonic = true, WantsContext = true }),
        ("put", new ClientProtocol.Put(Request, Key, Data, Budget)),
        ("put-options", new ClientProtocol.Put(Request, Key, Data, Budget)
        {
            Quorum = Quorum.Create(5, 3, 3, 1, 2, 3, sloppy: false),
            Mode = WriteMode.WithContext,
            Context = Data,
            ExpiresAt = 1_700_000_000_000,
            PassedOn = Epoch,
        }),
        ("delete", new ClientProtocol.Put(Request, Key, null, Budget)),
        ("get-done", new ClientProtocol.GetDone(Request, (GetResult)0, State, new OperationTally(2, 1, 0, 0, 0)) { Context = Data }),
        ("put-done", new ClientProtocol.PutDone(Request, 0, 0, Refusal.None, new OperationTally(2, 1, 2, 1, 0), Dot) { Context = Data }),
        ("put-not-done", new ClientProtocol.PutDone(
            Request, (PutResult)1, PutReason.Refused, Refusal.TooLarge, new OperationTally(0, 0, 0, 0, 1), null)),
        ("bad-request", new ClientProtocol.BadRequest(Request, "The causal context is damaged.")),
        ("busy", new ClientProtocol.Busy(Request)),
        ("list-keys", new ClientProtocol.ListKeys(Request, Key.Bucket, new ScanPosition(5), 500, Budget)),
        ("keys-listed", new ClientProtocol.KeysListed(Request, new ListOutcome(
            (GetResult)0, [new ListedKey(Key.Key, true), new ListedKey(Core.Identity.Key.Of("b"), false)], new ScanPosition(77)))),
        ("create-bucket", new ClientProtocol.ChangeBucket(Request, new BucketChange.Create(
            Key.Bucket, BucketPolicy.LastWriterWins, Quorum.Create(3, 1, 2, sloppy: false), TimeSpan.FromMinutes(30)))),
        ("alter-bucket", new ClientProtocol.ChangeBucket(Request, new BucketChange.Alter(Key.Bucket, Quorum.Create(3, 2, 3, pw: 1), null))),
        ("drop-bucket", new ClientProtocol.ChangeBucket(Request, new BucketChange.Drop(Key.Bucket))),
        ("empty-bucket", new ClientProtocol.ChangeBucket(Request, new BucketChange.Empty(Key.Bucket))),
        ("bucket-changed", new ClientProtocol.BucketChanged(
            Request, ClientProtocol.BucketOutcome.Refused, "There is a bucket 'users' already.", Epoch)),
        ("get-ring", new ClientProtocol.GetRing(Epoch)),
        ("ring", new ClientProtocol.RingIs(Changing())),
    ];

    private static IEnumerable<(string Name, IWireMessage Message)> Registers() =>
    [
        ("prepare", new ReplicaProtocol.PrepareRegister(Epoch, Partition, Key, Low)),
        ("accept", new ReplicaProtocol.AcceptRegister(Epoch, Partition, Key, Low, Value)),
        ("promised", new ReplicaProtocol.RegisterAnswered(A, Key, new AcceptorReply<RegisterValue>.Promised(High, Low, Value))),
        ("promised-empty", new ReplicaProtocol.RegisterAnswered(A, Key, new AcceptorReply<RegisterValue>.Promised(High, default, null))),
        ("accepted", new ReplicaProtocol.RegisterAnswered(A, Key, new AcceptorReply<RegisterValue>.Accepted(High))),
        ("rejected", new ReplicaProtocol.RegisterAnswered(A, Key, new AcceptorReply<RegisterValue>.Rejected(Low, High))),
        ("do-get", new ClientProtocol.DoRegister(Request, Key, new RegisterCommand.Get(), Budget)),
        ("do-put", new ClientProtocol.DoRegister(Request, Key, new RegisterCommand.Put(Data), Budget) { PassedOn = Epoch }),
        ("do-put-again", new ClientProtocol.DoRegister(Request, Key, new RegisterCommand.Put(Data), Budget) { IsRepeat = true }),
        ("do-delete", new ClientProtocol.DoRegister(Request, Key, new RegisterCommand.Delete(), Budget)),
        ("do-create", new ClientProtocol.DoRegister(
            Request, Key, new RegisterCommand.CompareAndSet(new RegisterExpectation.IsAbsent(), Data), Budget)),
        ("do-swap", new ClientProtocol.DoRegister(
            Request, Key, new RegisterCommand.CompareAndSet(new RegisterExpectation.HasData(Data), Data), Budget)),
        ("do-remove", new ClientProtocol.DoRegister(
            Request, Key, new RegisterCommand.CompareAndSet(new RegisterExpectation.HasVersion(12), null), Budget)),
        ("done", new ClientProtocol.RegisterDone(Request, new RegisterOutcome.Done(Value, 12))),
        ("mismatch", new ClientProtocol.RegisterDone(Request, new RegisterOutcome.Mismatch(Value))),
        ("not-done", new ClientProtocol.RegisterDone(Request, new RegisterOutcome.NotDone(RegisterFailure.NoMajority))),
        ("unknown", new ClientProtocol.RegisterDone(Request, new RegisterOutcome.Unknown(RegisterFailure.Contention))),
    ];

    private static IEnumerable<(string Name, IWireMessage Message)> Exchanges()
    {
        ExchangeMessage[] steps =
        [
            new ExchangeMessage.Open(Epoch, 3, 0xAA, new Vouched(State.Context, VersionVector.Of(Dot))),
            new ExchangeMessage.Opened(3, 0xBB, new Vouched(VersionVector.Empty, State.Context)),
            new ExchangeMessage.Declined(ExchangeEnd.Busy, Epoch),
            new ExchangeMessage.GetSums(1, [0, 3]),
            new ExchangeMessage.Sums(1, [0], [5, 6, 7]),
            new ExchangeMessage.GetKeys(2, [17], new KeyRange(Key, Later), 300, [0xAB, 0xCD]),
            new ExchangeMessage.Listed([new KeyHash(Key, 8)], [1], Key),
            new ExchangeMessage.Push([new KeyState(Key, State)]),
            new ExchangeMessage.Pushed([new KeyState(Key, SiblingSet.Empty)], [Later]),
            new ExchangeMessage.Pull([Key]),
            new ExchangeMessage.Pulled([new KeyState(Key, State)], [Later]),
            new ExchangeMessage.Failed(),
            new ExchangeMessage.Complete(),
        ];
        return
        [
            .. steps.Select(step => ("exchange-" + step.GetType().Name, StepOf(step))),
            ("exchange-get-all", StepOf(new ExchangeMessage.GetKeys(2, [17], KeyRange.All, 300, []))),
            ("exchange-listed-all", StepOf(new ExchangeMessage.Listed([], [], null))),
        ];

        static IWireMessage StepOf(ExchangeMessage step) => new ReplicaProtocol.ExchangeStep(A, Partition, 77, step with { Step = 9 });
    }

    private static IEnumerable<(string Name, IWireMessage Message)> Nodes()
    {
        var beat = new Heartbeat(A, 3, 1_000, "a:4053", Epoch, 128, [B]);
        return
        [
            ("hello", new NodeProtocol.Hello(Cluster, A, 0xDA7A, 3, 0xFEED, NodeProtocol.Version, 5, "Akka 1.5.67")),
            ("welcome", new NodeProtocol.Welcome(Cluster, B, 0xDA7B, 4, 0xBEEF, NodeProtocol.Version, 1)),
            ("unwelcome", new NodeProtocol.Unwelcome(Cluster, B, 0xFEED, true, "This node is of another cluster.")),
            ("join", new NodeProtocol.StageChange(Cluster, new RingChange.Join(RingMember.Of(A, "a:1", "r")))),
            ("leave", new NodeProtocol.StageChange(default, new RingChange.Leave(A))),
            ("remove", new NodeProtocol.StageChange(default, new RingChange.Remove(A))),
            ("replace", new NodeProtocol.StageChange(default, new RingChange.Replace(A, RingMember.Of(B, "b:1")))),
            ("staged", new NodeProtocol.ChangeAnswered(A, null)),
            ("not-staged", new NodeProtocol.ChangeAnswered(A, RingRefusal.Overlapping)),
            ("ask-epoch", new NodeProtocol.AskEpoch(A, Epoch)),
            ("epoch-reached", new NodeProtocol.EpochReached(B, Epoch)),
            ("offer", new GossipProtocol.Gossip(A, new GossipMessage.Offer(Cluster, [beat.Digest]))),
            ("exchange", new GossipProtocol.Gossip(A, new GossipMessage.Exchange(Cluster, [beat], [B]))),
            ("rest", new GossipProtocol.Gossip(A, new GossipMessage.Rest(Cluster, [beat]))),
        ];
    }

    private static IEnumerable<(string Name, IWireMessage Message)> RingLogs()
    {
        RingLogMessage[] messages =
        [
            new RingLogMessage.Prepare(Cluster, Epoch, Low),
            new RingLogMessage.Accept(Cluster, Low, Settled),
            new RingLogMessage.Answer(Cluster, Epoch, new AcceptorReply<Ring>.Promised(High, Low, Changing())),
            new RingLogMessage.Learned(Settled),
            new RingLogMessage.Behind(Cluster, Epoch),
            new RingLogMessage.OtherCluster(Cluster),
        ];
        return messages.Select(message => ("ring-" + message.GetType().Name, (IWireMessage)new NodeProtocol.RingLogSays(B, message)));
    }

    private static IEnumerable<(string Name, IWireMessage Message)> Transfers() =>
    [
        ("ask-room", new NodeProtocol.AskHintRoom(A, 40, 1 << 20, 300)),
        ("room", new NodeProtocol.HintRoom(B, 10, 1 << 16)),
        ("range-dirty", new NodeProtocol.RangeDirty(A, B, Partition)),
        ("range-marked", new NodeProtocol.RangeMarked(A)),
        ("ask-founding", new NodeProtocol.AskFounding(A, 7)),
        ("founding-answered", new NodeProtocol.FoundingAnswered(B, 7, FoundingAnswer.IsMember)),
        ("handoff-request", new NodeProtocol.HandoffSays(B, new HandoffMessage.Request(Handoff, 5, Key))),
        ("handoff-first", new NodeProtocol.HandoffSays(B, new HandoffMessage.Request(Handoff, 5, null))),
        ("handoff-batch", new NodeProtocol.HandoffSays(A, new HandoffMessage.Batch(
            Handoff, 5, 1, Key,
            [HandoffItem.Of(Key, State), HandoffItem.Of(Key, new AcceptorState<RegisterValue>(High, Low, Value))], true,
            VersionVector.Of(Dot)))),
        ("handoff-ack", new NodeProtocol.HandoffSays(B, new HandoffMessage.Acknowledge(Handoff, 5, 1))),
        ("handoff-cancel", new NodeProtocol.HandoffSays(B, new HandoffMessage.Cancel(Handoff, 5))),
        ("who-are-you", new NodeProtocol.WhoAreYou(Cluster, B)),
        ("batch", new NodeProtocol.Batch(new LinkBatch(0xFEED, 0xBEEF, 12, 9, WantsAck: true, TimeSpan.FromSeconds(77),
        [
            LinkItem.Of(LinkItemKind.Ask, 4, TimeSpan.FromSeconds(78), Data),
            LinkItem.Of(LinkItemKind.Answer, 5, TimeSpan.MaxValue, Data),
            new LinkItem(LinkItemKind.Part, 6, TimeSpan.FromSeconds(79), 0, 0, Data),
            new LinkItem(LinkItemKind.Tell, 0, TimeSpan.FromSeconds(79), 6, 3, Data),
        ]))),
        ("acknowledgement", new NodeProtocol.Batch(new LinkBatch(0xFEED, 0xBEEF, 0, 9, WantsAck: false, TimeSpan.Zero, []))),
    ];
}
