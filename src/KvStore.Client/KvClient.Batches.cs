using KvStore.Core.Identity;

namespace KvStore.Client;

/// <summary>
/// Many keys at once. Each is a request of its own, sent to its own owners beside the others: the keys may live anywhere, and some may fail where
/// others do not.
/// </summary>
public sealed partial class KvClient
{
    /// <summary>The most keys of one batch.</summary>
    public const int MaxBatch = 1000;

    /// <summary>Reads several keys.</summary>
    /// <param name="keys">At most <see cref="MaxBatch"/>; one that is named twice is read once.</param>
    /// <param name="options">What each of the reads asks for; null for no wishes.</param>
    /// <param name="cancellationToken">Ends the wait; the reads themselves go on and change nothing.</param>
    /// <returns>A result for each key.</returns>
    /// <exception cref="ArgumentException">There are too many, or one is no key. Nothing was sent.</exception>
    public Task<IReadOnlyDictionary<Key, ReadResult>> GetManyAsync(
        IEnumerable<Key> keys, GetOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return Each(keys.Distinct(), key => key, key => GetAsync(key, options, cancellationToken));
    }

    /// <summary>Writes several values, each as <see cref="OverwriteAsync(Key, ReadOnlyMemory{byte}, PutOptions?, CancellationToken)"/> does.</summary>
    /// <param name="values">At most <see cref="MaxBatch"/>, each key once.</param>
    /// <param name="options">What each of the writes asks for; null for no wishes.</param>
    /// <param name="cancellationToken">Ends the wait; the writes may be applied all the same.</param>
    /// <returns>A result for each key: where one fails, the others stay done.</returns>
    /// <exception cref="ArgumentException">There are too many, a key is there twice, or a key or value is too large. Nothing was sent.</exception>
    public Task<IReadOnlyDictionary<Key, WriteResult>> OverwriteManyAsync(
        IEnumerable<KeyValuePair<Key, ReadOnlyMemory<byte>>> values, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var checkedValues = values.Select(entry => KeyValuePair.Create(entry.Key, Checked(entry.Value))).ToList();
        if (checkedValues.DistinctBy(entry => entry.Key).Count() < checkedValues.Count)
            throw new ArgumentException("A key is there twice. Nothing was written.", nameof(values));
        return Each(checkedValues, entry => entry.Key, entry => OverwriteAsync(entry.Key, entry.Value, options, cancellationToken));
    }

    private static async Task<IReadOnlyDictionary<Key, TResult>> Each<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, Key> keyOf, Func<TItem, Task<TResult>> request)
    {
        var all = items.ToList();
        if (all.Count > MaxBatch) throw new ArgumentException($"A batch has at most {MaxBatch} keys; this one has {all.Count}. Nothing was sent.");
        if (all.Exists(item => keyOf(item).IsNone))
            throw new ArgumentException($"A key has 1 to {Key.MaxLength} bytes; one of these has none. Nothing was sent.");
        var results = await Task.WhenAll(all.Select(request));
        return all.Zip(results).ToDictionary(pair => keyOf(pair.First), pair => pair.Second);
    }
}
