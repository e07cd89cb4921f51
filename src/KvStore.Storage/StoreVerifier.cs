using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Tables;

namespace KvStore.Storage;

/// <summary>Scrubs an open store: reads all that its tables and its manifest consist of.</summary>
internal static class StoreVerifier
{
    internal static IReadOnlyList<CorruptionException> Run(StoreContext context, TableCatalog catalog)
    {
        var damage = new List<CorruptionException>();
        TableSet tables = catalog.PinCurrent();
        try
        {
            foreach (TableInfo table in tables.All)
                Collect(damage, () =>
                {
                    using TableLease lease = context.TableCache.Acquire(table);
                    lease.Reader.Verify();
                });
        }
        finally
        {
            catalog.Unpin(tables);
        }

        Collect(damage, () => catalog.Quiet(() =>
        {
            FileNumber named = ManifestReader.ReadCurrent(context.Files, context.Directory)
                ?? throw new CorruptionException(context.PathOf(FileNames.Current), 0, "it is missing");
            return ManifestReader.Read(context.Files, context.Directory, named);
        }));
        return damage;
    }

    private static void Collect(List<CorruptionException> damage, Action check)
    {
        try
        {
            check();
        }
        catch (CorruptionException e)
        {
            damage.Add(e);
        }
        catch (UnsupportedFormatException e)
        {
            damage.Add(new CorruptionException(e.File, 0, e.Message));
        }
        catch (StorageIOException e)
        {
            damage.Add(new CorruptionException(e.Path, 0, e.Message));
        }
    }
}
