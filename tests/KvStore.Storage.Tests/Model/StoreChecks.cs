using KvStore.Storage.Format;

namespace KvStore.Storage.Tests.Model;

/// <summary>Compares a store with what it should hold.</summary>
public static class StoreChecks
{
    public static void HoldsExactly(
        LsmStore store, IReadOnlyList<KeyValuePair<byte[], byte[]>> expected, IterateOptions? options = null)
    {
        using StoreIterator iterator = store.NewIterator(options);
        iterator.SeekToFirst();
        foreach ((byte[] key, byte[] value) in expected)
        {
            Assert.True(iterator.Valid, $"the store ends before {Text(key)}");
            Assert.True(iterator.Key.SequenceEqual(key), $"{Text(iterator.Key)} stands where {Text(key)} should");
            Assert.True(iterator.Value.SequenceEqual(value), $"{Text(key)} has another value");
            iterator.Next();
        }

        Assert.False(iterator.Valid, iterator.Valid ? $"the store goes on with {Text(iterator.Key)}" : "");
    }

    public static void HoldsExactlyBackwards(
        LsmStore store, IReadOnlyList<KeyValuePair<byte[], byte[]>> expected, IterateOptions? options = null)
    {
        using StoreIterator iterator = store.NewIterator(options);
        iterator.SeekToLast();
        for (int i = expected.Count - 1; i >= 0; i--)
        {
            Assert.True(iterator.Valid, $"the store ends, backwards, before {Text(expected[i].Key)}");
            Assert.True(iterator.Key.SequenceEqual(expected[i].Key),
                $"{Text(iterator.Key)} stands where {Text(expected[i].Key)} should");
            Assert.True(iterator.Value.SequenceEqual(expected[i].Value), $"{Text(expected[i].Key)} has another value");
            iterator.Prev();
        }

        Assert.False(iterator.Valid);
    }

    public static void EachKeyIsFound(LsmStore store, StoreModel model, IEnumerable<byte[]> keys)
    {
        foreach (byte[] key in keys)
            Assert.Equal(model.Get(key), store.Get(key));
    }

    /// <summary>After a crash: a prefix of the writes, with all that were durable. The model goes back to it.</summary>
    public static void HoldsAPrefix(LsmStore store, StoreModel model)
    {
        SequenceNumber recovered = store.LastSequence;
        Assert.True(recovered >= model.MustSurvive, $"recovered up to {recovered}, but {model.MustSurvive} was durable");
        Assert.True(model.TryGoBackTo(recovered), $"recovered up to {recovered}, which is within a batch");
        HoldsExactly(store, model.Copy());
    }

    private static string Text(ReadOnlySpan<byte> key) => Convert.ToHexString(key);
}
