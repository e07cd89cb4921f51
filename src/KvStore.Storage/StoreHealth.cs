namespace KvStore.Storage;

/// <summary>
/// Whether the store may still write. Once it has failed it stays so until reopened: after a failed sync nobody knows what the
/// disk holds, and trying again would only hide that (the kernel reports a lost page once). Thread-safe.
/// </summary>
internal sealed class StoreHealth
{
    private StoreFailedException? _failure;

    internal StoreFailedException? Failure => Volatile.Read(ref _failure);

    /// <summary>The first failure counts.</summary>
    internal StoreFailedException Fail(string detail, Exception cause)
    {
        var failure = new StoreFailedException(detail, cause);
        return Interlocked.CompareExchange(ref _failure, failure, null) ?? failure;
    }

    internal void ThrowIfFailed()
    {
        if (Failure is { } failure)
            throw new StoreFailedException(failure.Detail, failure);
    }
}
