using System.Globalization;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Benchmarks.Core;

/// <summary>
/// One partition of one replica: numbered keys, whose states are made when they are asked for. The state of a key has one value of 100
/// bytes; a differing one has seen one write more.
/// </summary>
internal sealed class ExchangeReplica
{
    private static readonly Incarnation Writer = Incarnation.Of(new NodeId(1, 1), 1, 1);
    private static readonly byte[] Value = new byte[100];

    private readonly Dictionary<int, SiblingSet> _changed = [];
    private readonly List<(Token Token, int Number)> _keys;

    public ExchangeReplica(List<(Token Token, int Number)> keys, IReadOnlySet<int> ahead)
    {
        _keys = keys;
        Tree = new HashTree(HashTree.DepthFor(keys.Count));
        foreach (var (token, number) in keys)
        {
            if (ahead.Contains(number))
                _changed[number] = Later(number);
            Tree.Update(token, 0, StateOf(number).Hash);
        }
    }

    public HashTree Tree { get; }

    public static BucketKey KeyOf(int number) =>
        new(BucketName.Default, Key.Of(string.Create(CultureInfo.InvariantCulture, $"user:{number:d10}")));

    public KeyHash[] List(ExchangeEffect.ListKeys list)
    {
        var wanted = list.Leaves.ToHashSet();
        return
        [
            .. _keys.Where(entry => wanted.Contains(HashTree.PlaceOf(entry.Token, list.Level)))
                .Select(entry => new KeyHash(KeyOf(entry.Number), StateOf(entry.Number).Hash))
                .Where(entry => list.Range.Contains(entry.Key))
                .OrderBy(entry => entry.Key)
                .Take(list.Most),
        ];
    }

    public List<KeyState> Read(IReadOnlyList<BucketKey> keys) => [.. keys.Select(key => new KeyState(key, StateOf(NumberOf(key))))];

    public void Merge(IReadOnlyList<KeyState> states)
    {
        foreach (var (key, set) in states)
        {
            var number = NumberOf(key);
            var before = StateOf(number);
            var after = SiblingSet.Sync(before, set);
            Tree.Update(Token.Of(key), before.Hash, after.Hash);
            _changed[number] = after;
        }
    }

    private SiblingSet StateOf(int number) => _changed.TryGetValue(number, out var set) ? set : Former(number);

    private static SiblingSet Former(int number) =>
        SiblingSet.Empty.Update(VersionVector.Empty, Sibling.OfValue(new Dot(Writer, 2 * (ulong)number + 1), Value));

    private static SiblingSet Later(int number)
    {
        var former = Former(number);
        return former.Update(former.Context, Sibling.OfValue(new Dot(Writer, 2 * (ulong)number + 2), Value));
    }

    private static int NumberOf(BucketKey key) =>
        int.Parse(System.Text.Encoding.ASCII.GetString(key.Key.Span[5..]), CultureInfo.InvariantCulture);
}
