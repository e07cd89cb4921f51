using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Wire;

namespace KvStore.Benchmarks.Core;

/// <summary>
/// What one exchange of every partition costs between two replicas, in messages and in bytes as they are on the wire: with nothing
/// different, and with some keys that one of the two has a newer state of.
/// </summary>
internal static class ExchangeCost
{
    private const int Partitions = 256;

    public static IEnumerable<CoreFigure> Measure(int keys)
    {
        var byPartition = Keys(keys);
        foreach (var differing in new[] { 0, 1, 100, 10_000 }.Where(count => count <= keys))
        {
            var random = new Random(differing);
            var ahead = new HashSet<int>();
            while (ahead.Count < differing)
                ahead.Add(random.Next(keys));
            var cost = new Cost();
            foreach (var partition in byPartition)
                Exchange(partition, ahead, cost);
            yield return new CoreFigure(
                $"exchange, {differing} of {keys} keys differ",
                ("messages", cost.Messages),
                ("bytes", cost.Bytes),
                ("bytesPerPartition", (double)cost.Bytes / Partitions),
                ("bytesPerDifference", differing == 0 ? 0 : (double)cost.Bytes / differing),
                ("keysSent", cost.KeysSent),
                ("incomplete", cost.Incomplete));
        }
    }

    private static List<(Token Token, int Number)>[] Keys(int count)
    {
        var byPartition = new List<(Token, int)>[Partitions];
        for (var i = 0; i < Partitions; i++)
            byPartition[i] = [];
        for (var number = 0; number < count; number++)
        {
            var token = Token.Of(ExchangeReplica.KeyOf(number));
            byPartition[token.PartitionOf(Partitions).Value].Add((token, number));
        }

        return byPartition;
    }

    private static void Exchange(List<(Token Token, int Number)> keys, HashSet<int> ahead, Cost cost)
    {
        var ours = new ExchangeReplica(keys, keys.Select(entry => entry.Number).Where(ahead.Contains).ToHashSet());
        var theirs = new ExchangeReplica(keys, new HashSet<int>());
        var vouched = new Vouched(VersionVector.Empty, VersionVector.Empty);
        var session = new ExchangeSession(RingEpoch.First, ours.Tree, vouched, new ExchangeOptions());
        var responder = new ExchangeResponder(theirs.Tree, () => vouched, RingEpoch.First, 1, new ExchangeOptions());
        var todo = new Queue<Action>();
        Do(session.Start);
        while (todo.TryDequeue(out var next)) next();

        void Do(Action<List<ExchangeEffect>> told) => Carry(
            told, ours, message => todo.Enqueue(() => Answer(message)),
            (list, then) => session.OnListed(list, then), (states, then) => session.OnRead(states, then),
            (held, then) => session.OnMerged(held, then), session.OnSecondLook);

        void Answer(ExchangeMessage message)
        {
            cost.Count(message);
            Respond(then => responder.OnMessage(message, then));
        }

        void Respond(Action<List<ExchangeEffect>> told) => Carry(
            told, theirs, message => todo.Enqueue(() =>
            {
                cost.Count(message);
                Do(then => session.OnMessage(message, then));
            }),
            (list, then) => responder.OnListed(list, then), (states, then) => responder.OnRead(states, then),
            (held, then) => responder.OnMerged(held, then), _ => { });

        void Carry(
            Action<List<ExchangeEffect>> told,
            ExchangeReplica replica,
            Action<ExchangeMessage> send,
            Action<IReadOnlyList<KeyHash>, List<ExchangeEffect>> onListed,
            Action<IReadOnlyList<KeyState>, List<ExchangeEffect>> onRead,
            Action<IReadOnlyList<KeyState>, List<ExchangeEffect>> onMerged,
            Action<List<ExchangeEffect>> onSecondLook)
        {
            var effects = new List<ExchangeEffect>();
            told(effects);
            foreach (var effect in effects)
            {
                switch (effect)
                {
                    case ExchangeEffect.Send message:
                        send(message.Message);
                        break;
                    case ExchangeEffect.StartSecondLook:
                        Again(onSecondLook);
                        break;
                    case ExchangeEffect.ListKeys list:
                        Again(then => onListed(replica.List(list), then));
                        break;
                    case ExchangeEffect.ReadStates read:
                        Again(then => onRead(replica.Read(read.Keys), then));
                        break;
                    case ExchangeEffect.Merge merge:
                        replica.Merge(merge.States);
                        Again(then => onMerged(merge.States, then));
                        break;
                    case ExchangeEffect.End end:
                        cost.End(end);
                        break;
                }
            }

            void Again(Action<List<ExchangeEffect>> then) => Carry(then, replica, send, onListed, onRead, onMerged, onSecondLook);
        }
    }

    private sealed class Cost
    {
        public long Messages { get; private set; }

        public long Bytes { get; private set; }

        public long KeysSent { get; private set; }

        public int Incomplete { get; private set; }

        public void Count(ExchangeMessage message)
        {
            Messages++;
            Bytes += WireCodec.Encode(new ReplicaProtocol.ExchangeStep(new NodeId(1, 1), new PartitionId(1), 1, message)).Length;
        }

        public void End(ExchangeEffect.End end)
        {
            KeysSent += end.KeysSent;
            Incomplete += end.Outcome == ExchangeEnd.Complete ? 0 : 1;
        }
    }
}
