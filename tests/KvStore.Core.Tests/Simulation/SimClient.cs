using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Replication;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// One client: reads, writes what it read on, writes blindly, deletes what it read; retries what it does not know the fate of,
/// under the same request id. One operation at a time, each through some node.
/// </summary>
internal sealed class SimClient(SimWorld world, ulong session, TimeSpan end)
{
    private readonly Dictionary<BucketKey, (CausalContext Context, HashSet<RequestId> Past)> _read = [];
    private ulong _sequence;
    private int _left = world.Options.OperationsPerClient;

    private Quorum Quorum { get; } = Quorum.Create(3, 2, 2, sloppy: !world.Options.Strict);

    public void Start() => world.After(Pause(), Next);

    /// <summary>Reads one key after everything has healed, and takes no silence for an answer.</summary>
    public void FinalRead(BucketKey key) => Read(key, Quorum.Create(3, 2, 2, sloppy: false), final: true, () => { });

    private TimeSpan Pause() => end * (world.Random.NextDouble() / (world.Options.Hot ? 100 : world.Options.OperationsPerClient));

    private void Next()
    {
        if (_left-- <= 0 || world.Now >= end)
            return;
        var key = world.Keys.ElementAt(world.Random.Next(world.Options.Keys));
        void Then() => world.After(Pause(), Next);
        var deletes = world.Random.NextDouble() < world.Options.Deletes;
        if (world.Random.NextDouble() < world.Options.Overwrites)
            Write(key, deletes, CausalContext.None, [], Then, WriteMode.Overwrite);
        else if (world.Random.NextDouble() < world.Options.BlindWrites)
            Write(key, isDelete: false, CausalContext.None, [], Then);
        else if (!_read.Remove(key, out var read))
            Read(key, Quorum, final: false, Then);
        else
            Write(key, deletes, read.Context, read.Past, Then);
    }

    private void Read(BucketKey key, Quorum quorum, bool final, Action then)
    {
        var started = world.Now;
        var answered = false;
        void Reply(GetOutcome outcome)
        {
            if (answered)
                return;
            answered = true;
            if (outcome.Result == GetResult.Done)
            {
                world.History.OnRead(key, started, world.Now, world.Options, final, outcome);
                var seen = outcome.State.Siblings.ToArray().Select(sibling => sibling.Request);
                _read[key] = (CausalContext.Of(outcome.State), world.History.Closure(seen));
            }

            then();
        }

        if (Door() is { } door)
            door.ClientGet(key, quorum, world.Options.Monotonic, outcome => world.After(world.Milliseconds(1, 20), () => Reply(outcome)));
        world.After(TimeSpan.FromSeconds(8), () => Reply(new GetOutcome(GetResult.Timeout, SiblingSet.Empty, default)));
    }

    private void Write(
        BucketKey key, bool isDelete, CausalContext context, HashSet<RequestId> past, Action then, WriteMode mode = WriteMode.WithContext)
    {
        var id = new RequestId(session, (session << 32) | ++_sequence);
        var expires = !isDelete && world.Random.NextDouble() < world.Options.Expiries;
        var record = new WriteRecord(id, key, isDelete, past, world.Now)
        {
            Context = context.Seen,
            Supersedes = mode == WriteMode.Overwrite || world.Options.Policy == ConflictPolicy.LastWriterWins,
            ExpiresAt = expires ? (long)(world.Now + world.Milliseconds(3_000, 40_000)).TotalMilliseconds : 0,
        };
        world.History.Writes.Add(id, record);
        var write = new WriteRequest
        {
            Request = id,
            IsDelete = isDelete,
            Context = context,
            Value = BitConverter.GetBytes(id.Sequence),
            Mode = mode,
            Policy = world.Options.Policy,
            ExpiresAt = record.ExpiresAt,
        };
        Try(record, write, tries: 1, then);
    }

    private void Try(WriteRecord record, WriteRequest write, int tries, Action then)
    {
        var answered = false;
        void Reply(PutOutcome? outcome)
        {
            if (answered)
                return;
            answered = true;
            switch (outcome?.Result)
            {
                case PutResult.Done:
                    record.Acked ??= world.Now;
                    break;
                case PutResult.NotDone:
                    record.NotDone = true;
                    break;
                default:
                    record.MaybeDone = true;
                    if (tries < 3 && world.Random.Next(3) > 0)
                    {
                        Try(record, write, tries + 1, then);
                        return;
                    }

                    break;
            }

            then();
        }

        var door = Door();
        var to = door is null ? null : Coordinator(door);
        if (to is { } coordinator)
            Forward(door!, coordinator, record.Key, write, Reply);
        world.After(TimeSpan.FromSeconds(8), () => Reply(null));
    }

    /// <summary>The first that can be reached, or, as doors that spread load do, any that can.</summary>
    private NodeId? Coordinator(SimNode door)
    {
        if (world.Random.Next(4) > 0)
            return PutOperation.ChooseCoordinator(door.List, node => world.CanReach(door.Id, node));
        var all = door.List.WriteTargets.Concat(door.List.Fallbacks).Where(node => world.CanReach(door.Id, node)).ToArray();
        return all.Length == 0 ? null : all[world.Random.Next(all.Length)];
    }

    /// <summary>
    /// A forwarded write is started once, and not after its deadline, whatever the network does to the message.
    /// </summary>
    private void Forward(SimNode door, NodeId coordinator, BucketKey key, WriteRequest write, Action<PutOutcome?> reply)
    {
        var deadline = world.Now + TimeSpan.FromSeconds(2);
        var started = false;
        world.Send(door.Id, coordinator, node =>
        {
            if (started || world.Now > deadline)
                return;
            started = true;
            node.ClientPut(key, write, Quorum, outcome => world.After(world.Milliseconds(1, 20), () => reply(outcome)));
        });
    }

    private SimNode? Door()
    {
        var up = world.Nodes.Where(node => node.IsUp).ToArray();
        return up.Length == 0 ? null : up[world.Random.Next(up.Length)];
    }
}
