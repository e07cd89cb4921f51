using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Vfs;

namespace KvStore.Storage;

/// <summary>Copies a store's tables to another directory by hard links. CURRENT is written last: half a copy is refused when
/// opened.</summary>
internal static class StoreCheckpoint
{
    internal static void Write(StoreContext context, TableCatalog catalog, string directory)
    {
        IFileSystem files = context.Files;
        directory = directory.TrimEnd('/');
        if (files.Exists(directory) || files.DirectoryExists(directory))
            throw new ArgumentException(
                $"{directory} exists already. Nothing was changed; give a new directory.", nameof(directory));
        TableSet tables;
        (tables, ManifestEdit whole) = catalog.Quiet(() => (catalog.PinCurrent(), catalog.Whole()));
        try
        {
            files.CreateDirectory(directory);
            foreach (TableInfo table in tables.All)
            {
                string name = FileNames.Table(table.Number);
                files.Link(context.PathOf(name), $"{directory}/{name}");
            }

            ManifestWriter.Begin(files, directory, whole.NextFile!.Value, whole).Dispose();
            string parent = directory[..Math.Max(0, directory.LastIndexOf('/'))];
            files.SyncDirectory(parent.Length == 0 ? "/" : parent);
        }
        finally
        {
            catalog.Unpin(tables);
        }
    }
}
