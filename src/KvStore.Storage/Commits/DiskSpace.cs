using KvStore.Storage.Format;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Commits;

/// <summary>
/// What happens when the disk is full. A file of <see cref="EngineOptions.ReserveBytes"/> holds space back; when a write, flush
/// or compaction finds no space, the file is deleted, writes other than deletes are refused, and background work goes on in the
/// space let go. When there is space for the file again, twice over, it is made again and writes are taken again. Thread-safe.
/// </summary>
internal sealed class DiskSpace(StoreContext context)
{
    private const long NeededToOpen = 1 << 20;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private volatile bool _full;

    /// <summary>Called when space may be enough again.</summary>
    internal Action? Regained { get; set; }

    internal bool IsFull => _full;

    private string ReservePath => context.PathOf(FileNames.Reserve);

    /// <summary>Before a store is opened: where others have filled the disk, opening needs what was held back.</summary>
    internal static void LetGoIfShort(StoreContext context)
    {
        string reserve = context.PathOf(FileNames.Reserve);
        if (context.Files.Exists(reserve) && context.Files.FreeBytes(context.Directory) < NeededToOpen)
            context.Files.Delete(reserve);
    }

    /// <summary>Makes the reserve where it is missing. A disk without room for it counts as full from the start.</summary>
    internal void Open()
    {
        try
        {
            MakeReserve();
        }
        catch (DiskFullException)
        {
            NoteFull();
        }
    }

    internal void NoteFull()
    {
        lock (_lock)
        {
            if (_full)
                return;
            _full = true;
            DropReserve();
        }

        context.Scheduler.After(LookAgain, JobLane.Flush, Look);
    }

    private void Look()
    {
        if (context.Closing)
            return;
        try
        {
            if (context.Files.FreeBytes(context.Directory) >= Math.Max(2 * context.Options.ReserveBytes, 1 << 20))
            {
                lock (_lock)
                {
                    MakeReserve();
                    _full = false;
                }
            }
        }
        catch (StorageIOException)
        {
            DropReserve();
        }

        Regained?.Invoke();
        if (_full)
            context.Scheduler.After(LookAgain, JobLane.Flush, Look);
    }

    private void MakeReserve()
    {
        if (context.Options.ReserveBytes == 0 || context.Files.Exists(ReservePath))
            return;
        using IWritableFile file = context.Files.Create(ReservePath);
        try
        {
            file.Allocate(context.Options.ReserveBytes);
        }
        catch
        {
            DropReserve();
            throw;
        }
    }

    private void DropReserve()
    {
        try
        {
            if (context.Files.Exists(ReservePath))
                context.Files.Delete(ReservePath);
        }
        catch (StorageIOException)
        {
            // Space that cannot be let go is not there; the next look tries again.
        }
    }
}
