using System.Text;
using KvStore.Core.Identity;
using KvStore.Core.Registers;

namespace KvStore.Client;

/// <summary>
/// The keys of a bucket of policy <c>strong</c>: each is like one variable on one machine. An operation takes effect at one moment between call
/// and answer, once however often it is repeated; without a majority of the key's replicas it does not. <see cref="KvClient.Strong"/> makes it;
/// any thread.
/// <example><code>
/// var locks = client.Strong(BucketName.Create("locks"));
/// var door = await locks.GetAsync("door");
/// var mine = await locks.CompareAndSetAsync("door", door.Version, "anna");     // mine.Status is Mismatch if somebody was faster
/// </code></example>
/// </summary>
public sealed class StrongBucket
{
    private readonly KvClient _client;

    internal StrongBucket(KvClient client, BucketName name) => (_client, Name) = (client, name);

    /// <summary>Which bucket.</summary>
    public BucketName Name { get; }

    /// <summary>Reads a key.</summary>
    /// <param name="key">1 to 2,048 bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<StrongResult> GetAsync(Key key, CancellationToken cancellationToken = default) =>
        _client.Do(Name, key, new RegisterCommand.Get(), cancellationToken);

    /// <summary>Reads the key of that text.</summary>
    /// <inheritdoc cref="GetAsync(Key, CancellationToken)"/>
    public Task<StrongResult> GetAsync(string key, CancellationToken cancellationToken = default) => GetAsync(Key.Of(key), cancellationToken);

    /// <summary>Writes a value, whatever there is.</summary>
    /// <param name="key">1 to 2,048 bytes.</param>
    /// <param name="value">At most <see cref="KvClientOptions.MaxValueBytes"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the change may take effect all the same.</param>
    /// <exception cref="ArgumentException">The key or the value is too large. Nothing was sent.</exception>
    public Task<StrongResult> PutAsync(Key key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
        _client.Do(Name, key, new RegisterCommand.Put(_client.Checked(value)), cancellationToken);

    /// <summary>Writes a text under the key of a text, both as UTF-8.</summary>
    /// <inheritdoc cref="PutAsync(Key, ReadOnlyMemory{byte}, CancellationToken)"/>
    public Task<StrongResult> PutAsync(string key, string value, CancellationToken cancellationToken = default) =>
        PutAsync(Key.Of(key), Encoding.UTF8.GetBytes(value), cancellationToken);

    /// <summary>Writes a value if the key has this version, and else nothing.</summary>
    /// <param name="key">1 to 2,048 bytes.</param>
    /// <param name="expectedVersion">The <see cref="StrongResult.Version"/> of an earlier answer; 0 for a key that was never written.</param>
    /// <param name="value">At most <see cref="KvClientOptions.MaxValueBytes"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the change may take effect all the same.</param>
    /// <exception cref="ArgumentException">The key or the value is too large. Nothing was sent.</exception>
    public Task<StrongResult> CompareAndSetAsync(
        Key key, ulong expectedVersion, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
        _client.Do(Name, key, Swap(expectedVersion, _client.Checked(value)), cancellationToken);

    /// <summary>Writes a text if the key of a text has this version, both as UTF-8.</summary>
    /// <inheritdoc cref="CompareAndSetAsync(Key, ulong, ReadOnlyMemory{byte}, CancellationToken)"/>
    public Task<StrongResult> CompareAndSetAsync(
        string key, ulong expectedVersion, string value, CancellationToken cancellationToken = default) =>
        CompareAndSetAsync(Key.Of(key), expectedVersion, Encoding.UTF8.GetBytes(value), cancellationToken);

    /// <summary>Deletes a key; its version counts on.</summary>
    /// <param name="key">1 to 2,048 bytes.</param>
    /// <param name="expectedVersion">Only if it has this version; null for whatever there is.</param>
    /// <param name="cancellationToken">Ends the wait; the change may take effect all the same.</param>
    public Task<StrongResult> DeleteAsync(Key key, ulong? expectedVersion = null, CancellationToken cancellationToken = default)
    {
        RegisterCommand command = expectedVersion is { } version ? Swap(version, value: null) : new RegisterCommand.Delete();
        return _client.Do(Name, key, command, cancellationToken);
    }

    /// <summary>Deletes the key of that text.</summary>
    /// <inheritdoc cref="DeleteAsync(Key, ulong?, CancellationToken)"/>
    public Task<StrongResult> DeleteAsync(string key, ulong? expectedVersion = null, CancellationToken cancellationToken = default) =>
        DeleteAsync(Key.Of(key), expectedVersion, cancellationToken);

    private static RegisterCommand.CompareAndSet Swap(ulong version, ReadOnlyMemory<byte>? value) =>
        new(new RegisterExpectation.HasVersion(version), value);
}
