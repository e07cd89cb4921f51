using KvStore.Storage.Scheduling;
using KvStore.Storage.Tests.Model;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Crashes;

/// <summary>One flipped bit anywhere in any file of a store: it is noticed, or it is harmless; never a wrong value, never "not
/// there".</summary>
public class BitFlipSpec
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flipped_bit_is_noticed_or_harmless(bool crashed)
    {
        using var workload = new SmallWorkload(Durability.Group);
        foreach (Step step in new[] { Step.Batch, Step.Flush, Step.RangeDelete, Step.Put, Step.Compact, Step.Put, Step.Rotate,
            Step.Batch, Step.Delete })
            workload.Do(step);
        MemoryFileSystem files = workload.Files.AfterCrash(new CrashPlan(1, 4096, 1));
        if (!crashed)
        {
            workload.Store.Dispose();
            files = workload.Files;
        }

        int noticed = 0, harmless = 0;
        foreach (string name in files.List(SmallWorkload.Home))
        {
            string path = $"{SmallWorkload.Home}/{name}";
            long bits = 8 * files.LengthOf(path);
            long stride = TestLength.IsLong ? 1 : 13;
            for (long bit = 0; bit < bits; bit += stride)
            {
                MemoryFileSystem damaged = files.Clone();
                damaged.FlipBit(path, bit);
                if (IsNoticed(damaged, workload.Model, $"{name}, bit {bit}"))
                    noticed++;
                else
                    harmless++;
            }
        }

        Assert.True(noticed > 500 && harmless > 0, $"{noticed} noticed, {harmless} harmless");
    }

    private static bool IsNoticed(MemoryFileSystem files, StoreModel model, string what)
    {
        try
        {
            using LsmStore store = LsmStore.Open(SmallWorkload.Home, SmallWorkload.Options(files, new ManualScheduler()));
            foreach ((byte[] key, byte[] value) in model.Entries)
                Assert.True(store.Get(key) is { } held && held.AsSpan().SequenceEqual(value), $"{what}: a key lost its value");
            StoreChecks.HoldsExactly(store, model.Copy());
            return false;
        }
        catch (StorageException)
        {
            return true;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.Message}", e);
        }
    }
}
