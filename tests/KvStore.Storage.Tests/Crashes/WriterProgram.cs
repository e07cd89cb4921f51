using System.Globalization;
using System.Text;

namespace KvStore.Storage.Tests.Crashes;

/// <summary>A process that writes to a store and says, line by line, what was acknowledged; until it is killed.</summary>
public static class WriterProgram
{
    public static int Main(string[] args)
    {
        if (args is not ["write", string directory, string durability])
        {
            Console.Error.WriteLine("usage: write DIRECTORY DURABILITY. (The tests are run by 'dotnet test'.)");
            return 2;
        }

        using LsmStore store = LsmStore.Open(directory, Options(Enum.Parse<Durability>(durability)));
        using Stream output = Console.OpenStandardOutput();
        for (long i = (long)store.LastSequence.Value + 1; ; i++)
        {
            store.Put(KeyOf(i), ValueOf(i)).ThrowIfRefused();
            output.Write(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture) + "\n"));
        }
    }

    internal static EngineOptions Options(Durability durability) => new()
    {
        Durability = durability,
        MemtableBytes = 64 << 10,
        LevelBaseBytes = 256 << 10,
        TargetTableBytes = 64 << 10,
        ReserveBytes = 0,
        BlockCacheBytes = 1 << 20,
    };

    internal static byte[] KeyOf(long i) => Encoding.ASCII.GetBytes($"key-{i * 7919 % 100_003:D6}-{i}");

    internal static byte[] ValueOf(long i) => Encoding.ASCII.GetBytes($"value of {i} {new string('v', (int)(i % 90))}");
}
