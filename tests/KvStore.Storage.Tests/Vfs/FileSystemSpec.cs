using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Vfs;

/// <summary>What holds of files holds of the real ones and of those in memory.</summary>
public sealed class FileSystemSpec : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("kv-vfs-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<bool> Both => [true, false];

    [Theory]
    [MemberData(nameof(Both))]
    public void What_is_written_is_read(bool real)
    {
        IFileSystem files = Files(real);
        string path = $"{_directory}/a";
        using (IWritableFile file = files.Create(path))
        {
            file.Append("hello "u8);
            file.Append("world"u8);
            file.WriteAt(0, "J"u8);
            Assert.Equal(11, file.Position);
            file.Allocate(20);
            file.SetLength(12);
            file.Sync();
        }

        files.SyncDirectory(_directory);
        using IRandomAccessFile read = files.OpenRead(path);
        var bytes = new byte[20];
        Assert.Equal(12, read.Length);
        Assert.Equal(12, read.Read(0, bytes));
        Assert.Equal("Jello world\0"u8.ToArray(), bytes[..12]);
        Assert.Equal(1, read.Read(11, bytes));
        Assert.Equal(0, read.Read(100, bytes));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Names_can_be_renamed_linked_listed_and_deleted(bool real)
    {
        IFileSystem files = Files(real);
        files.Create($"{_directory}/a").Dispose();
        files.Link($"{_directory}/a", $"{_directory}/b");
        files.Rename($"{_directory}/a", $"{_directory}/c");
        Assert.Equal(["b", "c"], files.List(_directory).Order());
        files.Delete($"{_directory}/b");
        Assert.False(files.Exists($"{_directory}/b"));
        Assert.True(files.FreeBytes(_directory) > 0);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_call_that_cannot_be_done_says_so(bool real)
    {
        IFileSystem files = Files(real);
        files.Create($"{_directory}/a").Dispose();
        Assert.Throws<StorageIOException>(() => files.Create($"{_directory}/a"));
        Assert.Equal(2, Assert.Throws<StorageIOException>(() => files.OpenRead($"{_directory}/none")).Errno);
        Assert.Throws<StorageIOException>(() => files.Delete($"{_directory}/none"));
        Assert.Throws<StorageIOException>(() => files.SyncDirectory($"{_directory}/none"));
    }

    [Fact]
    public void A_file_that_could_not_be_opened_closes_nothing_when_it_is_collected()
    {
        string? before = new FileInfo("/proc/self/fd/0").LinkTarget;
        FailToOpen();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before, new FileInfo("/proc/self/fd/0").LinkTarget);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        void FailToOpen() => Assert.Throws<StorageIOException>(() => RealFileSystem.Instance.OpenRead($"{_directory}/none"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_lock_is_held_by_one(bool real)
    {
        IFileSystem files = Files(real);
        using (files.Lock($"{_directory}/LOCK"))
            Assert.Throws<StoreLockedException>(() => files.Lock($"{_directory}/LOCK"));
        files.Lock($"{_directory}/LOCK").Dispose();
    }

    [Fact]
    public void The_self_test_of_durability_passes_here() => DurabilitySelfTest.Run(_directory);

    [Fact]
    public void A_crash_keeps_what_was_synced_and_may_lose_the_rest()
    {
        var files = new MemoryFileSystem();
        files.CreateDirectory("/d");
        IWritableFile file = files.Create("/d/a");
        file.Append("synced"u8);
        file.Sync();
        files.SyncDirectory("/d");
        file.Append(" not"u8);
        files.Create("/d/b").Dispose();
        MemoryFileSystem lost = files.AfterCrash(new CrashPlan(0, 512, 1)), kept = files.AfterCrash(new CrashPlan(1, 512, 1));
        Assert.Equal(["a"], lost.List("/d"));
        Assert.Equal(6, lost.LengthOf("/d/a"));
        Assert.Equal(10, kept.LengthOf("/d/a"));
        Assert.True(kept.Exists("/d/b"));
    }

    private IFileSystem Files(bool real)
    {
        if (real)
            return RealFileSystem.Instance;
        var files = new MemoryFileSystem();
        files.CreateDirectory(_directory);
        return files;
    }
}
