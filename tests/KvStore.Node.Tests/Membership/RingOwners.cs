using Akka.Actor;
using Akka.Configuration;
using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Node.Membership;
using KvStore.Node.Settings;
using KvStore.Wire;

namespace KvStore.Node.Tests.Membership;

/// <summary>
/// The ring owners of some nodes, each in an actor system of its own, with direct ways between them. Replicas say at once that they have
/// done what they are asked. Owner: one test.
/// </summary>
internal sealed class RingOwners : IDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private const string InMemory = """
        akka {
          loglevel = WARNING
          actor.provider = local
          persistence.journal.plugin = "akka.persistence.journal.inmem"
          persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        }
        """;

    private readonly Dictionary<NodeId, Owner> _owners = [];
    private readonly HashSet<NodeId> _lost;

    /// <summary>The ring that the first nodes begin with.</summary>
    public Ring First { get; }

    /// <param name="members">How many nodes begin with the ring.</param>
    /// <param name="lost">Those of them that begin with an empty disk though the cluster is not new.</param>
    public RingOwners(int members, params int[] lost)
    {
        _lost = [.. lost.Select(Id)];
        var ids = Enumerable.Range(1, members).Select(Id);
        First = RingPlanner.Create(new ClusterId(7, 7), ids.Select(id => RingMember.Of(id, PlaceOf(id))), 64);
        foreach (var member in First.Members) Start(member, First);
    }

    public static NodeId Id(int number) => new((ulong)number << 56, 1);

    public Owner this[int number] => _owners[Id(number)];

    public static string PlaceOf(NodeId id) => $"host-{id.Short()}:4053";

    /// <summary>A node without a ring, which asks node 1.</summary>
    public Owner Join(int number) => Start(RingMember.Of(Id(number), PlaceOf(Id(number))), first: null);

    /// <summary>What the node sends and what is sent to it is lost from now on.</summary>
    public void Cut(int number) => this[number].IsCut = true;

    public void Mend(int number) => this[number].IsCut = false;

    /// <summary>The owner fails and starts again, with its journal.</summary>
    public void Restart(int number) => this[number].Restart();

    /// <summary>When every one of these nodes has published a ring like that.</summary>
    public Task When(Func<Ring, bool> isSo, params int[] nodes) => Task.WhenAll(nodes.Select(node => this[node].When(isSo)));

    /// <summary>When node 1 has what a joiner asked for.</summary>
    public async Task WhenStaged()
    {
        while ((await this[1].Status()).Staged.IsEmpty) await Task.Yield();
    }

    public void Dispose()
    {
        foreach (var owner in _owners.Values) owner.Dispose();
    }

    private Owner Start(RingMember self, Ring? first)
    {
        var owner = new Owner(this, self, first);
        _owners.Add(self.Id, owner);
        owner.Start();
        return owner;
    }

    private IActorRef RefOf(NodeId from, NodeId to) =>
        _owners.TryGetValue(to, out var owner) && !owner.IsCut && !_owners[from].IsCut ? owner.Ref : ActorRefs.Nobody;

    public sealed class Owner(RingOwners all, RingMember self, Ring? first) : IRingRoutes, IDisposable
    {
        private readonly ActorSystem _system = ActorSystem.Create("owner", ConfigurationFactory
            .ParseString(InMemory).WithFallback(ConfigurationFiles.Reference));
        private readonly TaskCompletionSource _excluded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IActorRef _listener = ActorRefs.Nobody;

        public volatile bool IsCut;

        public CurrentRing Ring { get; private set; } = new();

        public IActorRef Ref { get; private set; } = ActorRefs.Nobody;

        /// <summary>When it was said that the node is out of the ring.</summary>
        public Task Excluded => _excluded.Task.WaitAsync(Soon);

        /// <summary>When a ring like that was published, after the last start.</summary>
        public Task When(Func<Ring, bool> isSo) => _listener.Ask<Ring>(isSo, Soon);

        public void Start()
        {
            _listener = _system.ActorOf(Props.Create(() => new Listener(_excluded)));
            _system.EventStream.Subscribe(_listener, typeof(CurrentRing.Excluded));
            _system.EventStream.Subscribe(_listener, typeof(CurrentRing.RingChanged));
            Restart();
        }

        public void Restart()
        {
            if (!Ref.IsNobody()) Ref.GracefulStop(Soon).Wait(Soon);
            Ring = new CurrentRing();
            Ref = _system.ActorOf(RingOwnerActor.Props(new RingOwnerContext(self, 1, this, Ring, new CurrentReachability())
            {
                First = first,
                Founds = !all._lost.Contains(self.Id),
                Seeds = first is null ? [PlaceOf(Id(1))] : [],
                TickInterval = TimeSpan.FromMilliseconds(30),
                ProposalPatience = TimeSpan.FromSeconds(1),
                Rounds = new RegisterOptions { RoundTimeout = TimeSpan.FromMilliseconds(100) },
            }));
        }

        public Task<RingCommands.Answered> Ask(object command) => Ref.Ask<RingCommands.Answered>(command, Soon);

        public Task<RingCommands.Planned> Plan() => Ref.Ask<RingCommands.Planned>(RingCommands.Plan.Instance, Soon);

        public Task<RingCommands.RingStatus> Status() => Ref.Ask<RingCommands.RingStatus>(RingCommands.GetStatus.Instance, Soon);

        public IActorRef RingOf(NodeId node) => all.RefOf(self.Id, node);

        public IActorRef RingAt(string place) =>
            all.RefOf(self.Id, all._owners.Keys.Single(id => PlaceOf(id) == place));

        public IActorRef ReplicasOf(NodeId node) => _system.ActorOf(Props.Create(() => new WillingReplicas(node)));

        public IActorRef HandoffOf(NodeId node) => ReplicasOf(node);

        public void Dispose() => _system.Terminate().Wait(Soon);
    }

    private sealed class Listener : ReceiveActor
    {
        private readonly List<(Func<Ring, bool> IsSo, IActorRef Asker)> _waiting = [];
        private Ring? _last;

        public Listener(TaskCompletionSource excluded)
        {
            Receive<CurrentRing.Excluded>(_ => excluded.TrySetResult());
            Receive<CurrentRing.RingChanged>(changed =>
            {
                _last = changed.Ring;
                Answer();
            });
            Receive<Func<Ring, bool>>(isSo =>
            {
                _waiting.Add((isSo, Sender));
                Answer();
            });
        }

        private void Answer()
        {
            foreach (var (_, asker) in _waiting.Where(waiting => _last is not null && waiting.IsSo(_last)).ToArray()) asker.Tell(_last!);
            _waiting.RemoveAll(waiting => _last is not null && waiting.IsSo(_last));
        }
    }

    private sealed class WillingReplicas : ReceiveActor
    {
        public WillingReplicas(NodeId node)
        {
            Receive<ReplicaProtocol.FenceReplica>(m => Reply(new ReplicaProtocol.ReplicaFenced(node, m.Partition, m.Epoch)));
            Receive<ReplicaProtocol.FillReplica>(m => Reply(new ReplicaProtocol.ReplicaFilled(node, m.Partition, m.Epoch)));
            Receive<ReplicaProtocol.ReaffirmKeys>(m => Reply(new ReplicaProtocol.KeysReaffirmed(node, m.Partition, m.Epoch)));
        }

        private void Reply(object answer)
        {
            Sender.Tell(answer);
            Context.Stop(Self);
        }
    }
}
