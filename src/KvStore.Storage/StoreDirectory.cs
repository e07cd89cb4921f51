using KvStore.Storage.Vfs;

namespace KvStore.Storage;

/// <summary>Sees to it that a store's directory is there and can be trusted.</summary>
internal static class StoreDirectory
{
    private static int _tested;

    /// <returns>The path without a trailing slash.</returns>
    internal static string Prepare(string directory, EngineOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        IFileSystem files = options.FileSystem;
        if (files is RealFileSystem)
            directory = Path.GetFullPath(directory);
        directory = directory.TrimEnd('/');
        if (files.Exists(directory))
            throw new NotADirectoryException(directory);
        if (!files.DirectoryExists(directory))
        {
            if (!options.CreateIfMissing)
                throw new StoreMissingException(directory);
            files.CreateDirectory(directory);
            string parent = directory[..Math.Max(0, directory.LastIndexOf('/'))];
            files.SyncDirectory(parent.Length == 0 ? "/" : parent);
        }

        if (files is RealFileSystem && Interlocked.Exchange(ref _tested, 1) == 0)
            DurabilitySelfTest.Run(directory);
        return directory;
    }
}
