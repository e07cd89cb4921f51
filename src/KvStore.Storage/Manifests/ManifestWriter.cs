using KvStore.Storage.Format;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Manifests;

/// <summary>
/// Writes the manifest in force. Used by one thread at a time. An edit is in force when <see cref="Append"/> has returned: it is
/// durable then.
/// </summary>
internal sealed class ManifestWriter : IDisposable
{
    private readonly IWritableFile _file;
    private readonly FileNumber _number;

    private ManifestWriter(IWritableFile file, FileNumber number)
    {
        _file = file;
        _number = number;
    }

    internal FileNumber Number => _number;

    internal long Bytes => _file.Position;

    /// <summary>Begins a manifest with a whole set, and puts it in force by replacing CURRENT in one step.</summary>
    /// <exception cref="DiskFullException">The former manifest is in force.</exception>
    /// <exception cref="StorageIOException">It is not known which one is in force: the store must stop.</exception>
    internal static ManifestWriter Begin(IFileSystem files, string directory, FileNumber number, ManifestEdit whole)
    {
        string path = $"{directory}/{FileNames.Manifest(number)}";
        IWritableFile file = files.Create(path);
        var writer = new ManifestWriter(file, number);
        try
        {
            file.Append(ManifestFormat.Header(number));
            writer.Append(whole);
            Name(files, directory, number);
        }
        catch (StorageIOException)
        {
            file.Dispose();
            Forget(files, path);
            throw;
        }

        try
        {
            files.SyncDirectory(directory);
            return writer;
        }
        catch (StorageIOException e)
        {
            // It may be in force after a power cut or may not: that is never "nothing has changed".
            file.Dispose();
            throw new StorageIOException(e.Operation, e.Path, e.Errno, $"{e.Message} Whether manifest {number} is in force is not known");
        }
    }

    /// <summary>Writes and syncs an edit.</summary>
    /// <exception cref="DiskFullException">Nothing has changed; the edit may be tried again.</exception>
    /// <exception cref="StorageIOException">It is not known whether the edit is in force: the store must stop.</exception>
    internal void Append(ManifestEdit edit)
    {
        long start = _file.Position;
        try
        {
            _file.Append(ManifestFormat.Record(_number, start, edit.Encode()));
        }
        catch (DiskFullException)
        {
            _file.SetLength(start);
            throw;
        }

        _file.Sync();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Replaces CURRENT; when this fails the former one is in place.</summary>
    private static void Name(IFileSystem files, string directory, FileNumber number)
    {
        string temporary = $"{directory}/{FileNames.Temporary(number)}";
        if (files.Exists(temporary))
            files.Delete(temporary);
        using (IWritableFile current = files.Create(temporary))
        {
            current.Append(System.Text.Encoding.ASCII.GetBytes(ManifestReader.CurrentText(number)));
            current.Sync();
        }

        files.SyncDirectory(directory);
        files.Rename(temporary, $"{directory}/{FileNames.Current}");
    }

    private static void Forget(IFileSystem files, string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (StorageIOException)
        {
            // An orphan; the next start deletes it.
        }
    }
}
